/** Paths for new source files: in the neighbours' language and spelling, never on top of another file. */
import { posix } from "node:path";
import type { Repo } from "../analyzers/repo/repo.ts";
import { isScript } from "./editors/source.ts";

/**
 * A free path in a folder for a module of this name (kebab-case, no extension). `beside` is the file that will import it
 * and decides the extension; the spelling follows the folder: `rateLimit.ts` among `errorHandler.ts`.
 */
export function newFile(repo: Repo, folder: string, name: string, beside: string): string {
  const extension = /\.([cm]?[jt]s)x?$/.exec(beside)?.[1] ?? "js";
  const neighbours = repo.files.filter((file) => posix.dirname(file) === folder);
  const taken = new Set(neighbours.map((file) => stem(file).toLowerCase()));
  const spelled = spellingOf(neighbours.filter(isScript).map(stem), name);
  let free = spelled;
  for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${spelled}${number}`;
  return posix.join(folder, `${free}.${extension}`);
}

function stem(file: string): string {
  return posix.basename(file).replace(/\..*$/, "");
}

/** `rate-limit`, or `rateLimit` where the neighbours' names have inner capitals and no dashes. */
function spellingOf(neighbours: readonly string[], name: string): string {
  const camel = neighbours.some((each) => /^[a-z]+[A-Z]/.test(each)) && !neighbours.some((each) => each.includes("-"));
  return camel ? name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) : name;
}
