/** Apps whose every install may bring other versions. */
import { posix } from "node:path";
import { answeringServices, dependenciesPlace, isBesideTheProduct } from "../../analyzers/serving/product.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";
import { unitsOf, type Unit } from "./units.ts";

export function lockfileMatches(model: Model): Match[] {
  const answering = new Set(answeringServices(model).map(({ root }) => root));
  const open = unitsOf(model).filter(
    (unit) => isOpen(unit, model) && isApp(unit, answering) && !isBesideTheProduct(unit.root),
  );
  return open.map((unit) =>
    match("no-lockfile", dependenciesPlace(model, unit), {
      message: `No lockfile says which versions ${unit.root === "." ? "the app" : unit.root} was tried with, so each install and each deploy may bring others: it breaks on a day when nobody changed anything.`,
      anchor: unit.root,
    }),
  );
}

const names = [
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "bun.lockb",
  "deno.lock",
];

/** A lockfile in any folder above counts, also where no package.json lies beside it (Rush, Deno). */
function isOpen({ root, lockfile, dependencies, devDependencies }: Unit, { repo }: Model): boolean {
  if (lockfile !== null || Object.keys({ ...dependencies, ...devDependencies }).length === 0) return false;
  const listed = (file: string): boolean => repo.has(file) || repo.skipped.some((skipped) => skipped.file === file);
  if (listed("common/config/rush/pnpm-lock.yaml")) return false;
  for (let folder = root; ; folder = posix.dirname(folder)) {
    if (names.some((name) => listed(posix.join(folder, name)))) return false;
    if (folder === ".") return true;
  }
}

/** Libraries are installed by others, who have lockfiles of their own. */
function isApp(unit: Unit, answering: ReadonlySet<string>): boolean {
  const members = [unit, ...unit.members];
  return members.some(({ root, frameworks }) => answering.has(root) || frameworks.length > 0);
}
