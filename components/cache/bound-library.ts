/** Gives the caches of packages an age: an option where they are made, an argument where entries are put. */
import type { CallSite, Model } from "../../analyzers/model.ts";
import { insertArgument, setOptions } from "../../patches/editors/calls.ts";
import { openSource } from "../../patches/editors/source.ts";
import type { Finding } from "../finding.ts";
import type { Mended } from "./outcome.ts";

export function boundLibrary({ anchor, also }: Finding, call: CallSite, model: Model): Mended {
  const note = (name: string): string =>
    `What ${name} keeps is let go after an hour: raise or lower it to what its answers are good for.`;
  if (anchor.startsWith("node-cache:")) {
    const source = openSource(model.repo, call.file);
    const edits = source === null ? null : setOptions(source, call.span, 0, { stdTTL: "60 * 60" });
    return edits === null
      ? { cannot: "its options are not written where it is made" }
      : { edits, imports: [], notes: [note("node-cache")] };
  }
  const puts = model
    .usesOf("memory-cache:put")
    .map((use) => use.call)
    .filter(
      ({ id, file, line, args }) =>
        args.length === 2 && (id === call.id || also.some((place) => place.file === file && place.line === line)),
    );
  const edits = puts.flatMap((put) => {
    const source = openSource(model.repo, put.file);
    return source === null ? [] : insertArgument(source, put.span, 2, "60 * 60 * 1000");
  });
  return edits.length < puts.length || puts.length === 0
    ? { cannot: "a file could not be parsed" }
    : { edits, imports: [], notes: [note("memory-cache")] };
}
