/** Who is handed a function that is written in place: `list.map((item) => ...)`. */
import { fileIn, indexIn } from "../ids.ts";
import type { CallSite, Model } from "../model.ts";
import { fileIndex } from "./file-index.ts";

/** The call that a function literal is handed to; null when it is handed to none. */
export function takerOf(fn: string, model: Model): CallSite | null {
  const file = fileIn(fn);
  const summary = model.summary(file);
  const handed = summary === null ? undefined : fileIndex(summary).handed.get(indexIn(fn));
  return handed === undefined ? null : model.call(`${file}#${handed.call}`);
}
