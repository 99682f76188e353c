/** Form actions: `export const actions = { default: ..., save: ... }` beside a page. */
import { own, type FileNode } from "../../link/program.ts";
import type { Handler, Route } from "../../model.ts";
import { exportsName, handlersOf, lineIn, routeAt } from "../conventional.ts";
import type { LinkedApp } from "../framework.ts";

/** The unnamed action has the page's own path; a named one is written as its form writes it, `/settings?/save`. */
export function actionsOf(app: LinkedApp, file: FileNode | null, path: string, hooks: readonly Handler[]): Route[] {
  if (file === null || !exportsName(file, "actions")) return [];
  const { solver } = app.linked;
  const at = { file: file.path, line: 1 };
  return solver.exported(file, "actions").flatMap((token) => {
    const names =
      token.kind === "object" ? namesOf(token.value) : token.kind === "module" ? moduleNames(token.file) : [];
    return names.map((name) => {
      const handlers = handlersOf(app, solver.member(token, name), at);
      return routeAt(app, {
        method: "ACTION",
        via: "action",
        path: name === "default" ? path : `${path}?/${name}`,
        framework: "sveltekit",
        middleware: [...hooks],
        handlers,
        file: file.path,
        line: lineIn(file.path, handlers),
      });
    });
  });
}

function namesOf({ entries }: { entries: readonly { key: string }[] }): string[] {
  return [...new Set(entries.map(({ key }) => key))].filter((key) => key !== "*");
}

function moduleNames({ summary }: FileNode): string[] {
  return Object.keys(summary.exports).filter((name) => own(summary.exports, name) !== undefined);
}
