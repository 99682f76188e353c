/** One change of the app's own code that needs an export of the store. */
import type { Edit } from "../../../patches/edit.ts";
import type { Range, Source } from "../../../patches/editors/source.ts";

export interface Change {
  source: Source;
  name:
    | "BucketStorage"
    | "storedFiles"
    | "putFile"
    | "moveUpload"
    | "removeFile"
    | "unlinkFile"
    | "hasFile"
    | "readStored"
    | "makeFolder"
    | "makeFolderSync";
  /** The same for changes of which one is enough; absent where the text tells. */
  once?: string;
  /** What is written anew, for imports that nobody uses then. */
  removed: Range | readonly Range[];
  /** Told the name that the export has in this file. */
  edit: (local: string) => Edit | Edit[];
}
