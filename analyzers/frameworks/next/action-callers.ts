/** Which exports of a `"use server"` file the browser can call: since Next 15 only those that its code, or a form, refers to. */
import type { FileNode } from "../../link/program.ts";
import { isTestFile } from "../../services/file-roles.ts";
import type { LinkedApp } from "../framework.ts";

/** By the marked file that is imported: the names that are used as values there, `*` for all. */
type Referred = ReadonlyMap<string, ReadonlySet<string>>;

export function callableActions(app: LinkedApp): (file: string, name: string) => boolean {
  const referred = referredNames(app);
  return (file, name) => {
    const names = referred.get(file);
    return names !== undefined && (names.has(name) || names.has("*"));
  };
}

function referredNames(app: LinkedApp): Referred {
  const { modules, program } = app.linked.solver;
  const isMarked = (file: string) => program.files.get(file)?.summary.directives.includes("use server") === true;
  const found = new Map<string, Set<string>>();
  const note = (file: string, name: string) => {
    const names = found.get(file) ?? new Set();
    names.add(name);
    found.set(file, names);
  };
  for (const file of program.files.values()) {
    if (isTestFile(file.path)) continue;
    const isBrowsers = app.contextOf(file.path) === "browser";
    for (const { specifier, names, form, typeOnly } of file.summary.imports) {
      const target = typeOnly ? null : modules.resolve(file.path, specifier);
      if (target?.kind !== "file") continue;
      const whole = names.length === 0 && form === "dynamic";
      for (const source of [target.file, ...passedOn(app, target.file)].filter(isMarked)) {
        if (whole) note(source, "*");
        for (const { imported, local } of names) if (isBrowsers || isHandedOn(app, file, local)) note(source, imported);
      }
    }
  }
  return found;
}

/** The files behind a barrel. */
function passedOn({ linked: { solver } }: LinkedApp, file: string): string[] {
  const reexports = solver.program.files.get(file)?.summary.reexports ?? [];
  return reexports.flatMap(({ specifier }) => {
    const target = solver.modules.resolve(file, specifier);
    return target.kind === "file" ? [target.file] : [];
  });
}

/** Whether server code does more with the name than call it: `<form action={save}>` hands it to the browser. */
export function isHandedOn({ repo }: LinkedApp, { path, summary }: FileNode, local: string): boolean {
  if (!summary.jsx) return false;
  const text = repo.read(path) ?? "";
  return new RegExp(
    `[={(,:?&|]\\s*${local.replaceAll("$", "\\$")}\\s*[,;)}\\]]|=\\{\\s*${local.replaceAll("$", "\\$")}\\.bind\\(`,
  ).test(text.replace(/\bimport\s[^;"']*from\s*["'][^"']*["']/g, ""));
}
