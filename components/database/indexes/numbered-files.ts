/** Folders of migrations whose files run in the order of the numbers that their names begin with. */
import { posix } from "node:path";
import type { Model } from "../../../analyzers/model.ts";
import { migrationWords, numberAfter } from "./index-names.ts";
import { once } from "./once.ts";

/** `007_add_users.sql`: number, what divides it from the words, words, ending. */
const numbered = /^(\d+)([_-])([\w-]+)(\.\w+)$/;

/** The migrations beside a file, the last one first; empty where the folder is not one of numbered migrations. */
export function migrationsBeside(file: string, model: Model): string[] {
  return numberedIn(posix.join(posix.dirname(file), `*${posix.extname(file)}`), model);
}

const numberedIn = once((pattern, { repo }) => {
  const folder = posix.dirname(pattern);
  if (!/(^|[/_-])(migrations?|migrate)(\/|$)/i.test(folder)) return [];
  const beside = repo.files.filter(
    (other) => posix.dirname(other) === folder && posix.extname(other) === posix.extname(pattern),
  );
  return beside.every((other) => numbered.test(posix.basename(other))) ? beside.toSorted(lastFirst) : [];
});

function lastFirst(a: string, b: string): number {
  const [first, second] = [posix.basename(a), posix.basename(b)];
  return numberIn(second) - numberIn(first) || (first < second ? 1 : -1);
}

function numberIn(name: string): number {
  return Number(numbered.exec(name)?.[1] ?? 0);
}

/** Whether code names each migration, so that a new one would not be run. */
const isListed = once((migration, { repo, summary }) => {
  const stem = posix.basename(migration, posix.extname(migration));
  return repo.files.some(
    (file) => file !== migration && summary(file) !== null && (repo.read(file) ?? "").includes(stem),
  );
});

/** The path of the migration behind the last one, named in its way; null where its number cannot be counted on or code names it. */
export function nextNumbered(
  last: string,
  indexes: readonly { table: string; column: string }[],
  model: Model,
): string | null {
  const [, number = "", divider = "", rest = "", ending = ""] = numbered.exec(posix.basename(last)) ?? [];
  const next = numberAfter(number);
  if (next === null || isListed(last, model)) return null;
  const joint = rest.includes("-") && !rest.includes("_") ? "-" : "_";
  return posix.join(posix.dirname(last), `${next}${divider}${migrationWords(indexes).replaceAll("_", joint)}${ending}`);
}
