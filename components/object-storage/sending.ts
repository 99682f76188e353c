/** Which uses hand a file to a storage service. */
import type { Use } from "../../analyzers/model.ts";

export function isSending({ kind, api }: Use): boolean {
  return (
    kind === "storage" &&
    /upload|put|send|done|save/i.test(api) &&
    !/^(multer|express-fileupload|formidable):/.test(api)
  );
}
