/** Gives multer the largest size that a file may have, where it has none. */
import type { CallSite, Known, Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import { openSource } from "../../patches/editors/source.ts";

/** Whether the options are written at the call, with no other limit among them. */
export function isLimitable(api: string, options: Known | undefined): boolean {
  if (!api.startsWith("multer:")) return false;
  return options === undefined || (options.kind === "object" && options.entries["limits"] === undefined);
}

/** Megabytes: what a phone's picture or a scanned paper needs, and what a short film or an archive does. */
const usual = 10;
const large = 100;

/** Null when the call is written in a way that no option can be added to. */
export function limitSize(call: CallSite, model: Model): { edits: Edit[]; megabytes: number } | null {
  const source = openSource(model.repo, call.file);
  if (source === null) return null;
  const megabytes = takesLargeFiles(source.text) ? large : usual;
  const edits = setOptions(source, call.span, 0, { limits: `{ fileSize: ${megabytes} * 1024 * 1024 }` });
  return edits === null ? null : { edits, megabytes };
}

function takesLargeFiles(text: string): boolean {
  return /video|audio|\bmp[34]\b|\bzip\b|archive|backup|dataset|\bcsv\b|xlsx/i.test(text);
}
