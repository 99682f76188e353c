/** Calls put into a chain of calls. */
import type { Edit } from "../edit.ts";
import { insert, type Range, type Source } from "./source.ts";

/** Right behind the call that begins the chain: on a line of its own where its other links have theirs. */
export function insertInChain(source: Source, start: Range, link: string): Edit {
  const lead = /^\s*(?=\.)/.exec(source.text.slice(start.end))?.[0] ?? "";
  return insert(source, start.end, `${lead.includes("\n") ? lead : ""}${link}`);
}
