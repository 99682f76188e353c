/** Ids of functions and calls, `<file>#<index>`, taken apart. */

/** The file of a function or a call. */
export function fileIn(id: string): string {
  return id.slice(0, id.lastIndexOf("#"));
}

/** Its position in the file's summary. */
export function indexIn(id: string): number {
  return Number(id.slice(id.lastIndexOf("#") + 1));
}
