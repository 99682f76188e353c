/** Whether the app hands out what lies in a folder. */
import type { Model } from "../../analyzers/model.ts";
import { staticFilesOf } from "../../analyzers/serving/static-files.ts";

/** By the folder's last words: `public/uploads` is handed out by `express.static("public")`. */
export function servedFolder(model: Model, folder: string | null): boolean {
  if (folder === null) return false;
  const words = wordsOf(folder);
  return staticFilesOf(model).some((each) => {
    const last = wordsOf(each.folder).at(-1);
    return last !== undefined && words.includes(last);
  });
}

function wordsOf(folder: string): string[] {
  return folder.split(/[/\\]/).filter((word) => /\w/.test(word));
}
