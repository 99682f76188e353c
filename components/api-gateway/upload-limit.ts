/** Gives uploads that are held in memory a largest size, where none is said. */
import type { CallSite } from "../../analyzers/model.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import type { Source } from "../../patches/editors/source.ts";
import type { Mended } from "./body-limit-mend.ts";
import { hintsFor } from "./body-limit-hints.ts";

export const uploadApi = /^(multer|express-fileupload|@koa\/multer|koa-multer):|:\w+Interceptor$/;

/** Where the options stand behind the name of the field, and for several files behind their number. */
const places: Readonly<Record<string, number>> = {
  FileInterceptor: 1,
  FilesInterceptor: 2,
  FileFieldsInterceptor: 1,
  AnyFilesInterceptor: 0,
};

const said = "Set `limits.fileSize` to the largest file that makes sense here.";

/** `long`: the file that speaks of larger ones, for which a number out of the blue may be too small. */
export function mendUpload(source: Source, call: CallSite, api: string, long: string | null): Mended {
  if (long !== null)
    return {
      cannot: `how large files get in truth is not in the code (${long} speaks of their size, or of sound or video)`,
      constraints: [hintsFor(api)[0] ?? said],
    };
  const at = places[api.replace(/^.*:/, "")] ?? 0;
  const options = call.args[at];
  const has = options?.kind === "object" && options.entries["limits"] !== undefined;
  const refuses = api.startsWith("express-fileupload") ? { abortOnLimit: "true" } : {};
  const edits = has
    ? null
    : setOptions(source, call.span, at, { limits: "{ fileSize: 10 * 1024 * 1024 }", ...refuses });
  if (edits === null)
    return {
      cannot: "its options are not written at the call",
      constraints: [hintsFor(api)[0] ?? said],
    };
  const how = api.startsWith("@nestjs/")
    ? "Nest answers larger ones with 413."
    : "answer larger ones with 413 in the error handler if the app should say so kindly.";
  return { edits, note: `Uploads may have 10 MB; ${how}`.replace("; Nest", ". Nest") };
}
