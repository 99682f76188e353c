/** Gives an upload parser the largest size that a file may have, where it has none. */
import { indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import { openSource } from "../../patches/editors/source.ts";

/** How each parser is told, so that it refuses a larger file instead of cutting it off. */
interface Way {
  api: RegExp;
  /** Place of the options among the arguments. */
  index: number;
  options: (bytes: string) => Record<string, string>;
  /** What a larger file ends in. */
  refusal: string;
}

const ways: readonly Way[] = [
  {
    api: /^(@koa\/)?multer:/,
    index: 0,
    options: (bytes) => ({ limits: `{ fileSize: ${bytes} }` }),
    refusal: "in the error handler as a MulterError with the code LIMIT_FILE_SIZE: answer it with 413",
  },
  {
    api: /^@nestjs\/platform-express:/,
    index: 1,
    options: (bytes) => ({ limits: `{ fileSize: ${bytes} }` }),
    refusal: "in a PayloadTooLargeException, which Nest answers with 413",
  },
  {
    api: /^express-fileupload:/,
    index: 0,
    options: (bytes) => ({ limits: `{ fileSize: ${bytes} }`, abortOnLimit: "true" }),
    refusal: "in an answer of express-fileupload with 413",
  },
  {
    api: /^formidable:/,
    index: 0,
    options: (bytes) => ({ maxFileSize: bytes }),
    refusal: "in an error of formidable's parse with the httpCode 413",
  },
];

function wayOf(api: string): Way | null {
  return ways.find((way) => way.api.test(api)) ?? null;
}

/** Whether the options are written at the call, with no other limit among them. */
export function isLimitable(model: Model, { id, file, args }: CallSite, api: string): boolean {
  const way = wayOf(api);
  if (way === null || args.length < way.index) return false;
  const written = model.summary(file)?.calls[indexIn(id)]?.args[way.index];
  const options = args[way.index];
  const names = Object.keys(way.options(""));
  if (written === undefined || options === undefined) return written === options;
  return (
    written.kind === "object" && options.kind === "object" && names.every((name) => options.entries[name] === undefined)
  );
}

/** Megabytes: what a phone's picture or a scanned paper needs, and what a short film or an archive does. */
const usual = 10;
const large = 100;

/** Null when the call is written in a way that no option can be added to. */
export function limitSize(
  call: CallSite,
  api: string,
  model: Model,
): { edits: Edit[]; megabytes: number; refusal: string } | null {
  const source = openSource(model.repo, call.file);
  const way = wayOf(api);
  if (source === null || way === null) return null;
  const megabytes = takesLargeFiles(source.text) ? large : usual;
  const edits = setOptions(source, call.span, way.index, way.options(`${megabytes} * 1024 * 1024`));
  return edits === null ? null : { edits, megabytes, refusal: way.refusal };
}

function takesLargeFiles(text: string): boolean {
  return /video|audio|\bmp[34]\b|\bzip\b|archive|backup|dataset|\bcsv\b|xlsx/i.test(text);
}
