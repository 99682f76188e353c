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

/** The same, also where the function is one of several things in an object. */
export function runnerOf(fn: string, model: Model): CallSite | null {
  const file = fileIn(fn);
  const summary = model.summary(file);
  const packed = summary === null ? undefined : fileIndex(summary).packed.get(indexIn(fn));
  return packed === undefined ? takerOf(fn, model) : model.call(`${file}#${packed}`);
}
