/** What a recipe adds to a package.json: dependencies and scripts, and what the reader has to run then. */
import type { Service } from "../../analyzers/model.ts";
import type { Edit } from "../edit.ts";

/** The service's package.json, relative to the repo's root. */
export function manifestOf(service: Pick<Service, "root">): string {
  return service.root === "." || service.root === "" ? "package.json" : `${service.root}/package.json`;
}

/** Adds a dependency; none when the service has it already, in whatever version. */
export function addDependency(
  service: Pick<Service, "root" | "dependencies" | "devDependencies">,
  name: string,
  range: string,
  kind: "dependencies" | "devDependencies" = "dependencies",
): Edit[] {
  if (service.dependencies[name] !== undefined) return [];
  if (kind === "devDependencies" && service.devDependencies[name] !== undefined) return [];
  return [{ kind: "json", file: manifestOf(service), path: [kind, name], value: range }];
}

/** Adds a script; null when the name is taken by another command. */
export function addScript(service: Pick<Service, "root" | "scripts">, name: string, command: string): Edit[] | null {
  const there = service.scripts[name];
  if (there === command) return [];
  return there === undefined
    ? [{ kind: "json", file: manifestOf(service), path: ["scripts", name], value: command }]
    : null;
}

/** The sentence that belongs to every patch that adds a dependency: lockfiles are written by the package manager alone. */
export function installNote(service: Pick<Service, "packageManager" | "lockfile">): string {
  const command = `${service.packageManager ?? "npm"} install`;
  return service.lockfile === null
    ? `Run \`${command}\`: the patch adds dependencies.`
    : `Run \`${command}\` and commit ${service.lockfile}: the patch adds dependencies and leaves the lockfile to the package manager.`;
}
