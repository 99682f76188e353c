/** `hooks.server`: the functions of `handle`, which stand before every route, in order. */
import type { FileNode } from "../../link/program.ts";
import type { Handler } from "../../model.ts";
import { exportsName, handlersOf } from "../conventional.ts";
import type { LinkedApp } from "../framework.ts";

const SEQUENCE = "@sveltejs/kit/hooks:sequence()";

/** `handle` itself, or each part of `sequence(a, b)`. */
export function handleChain(app: LinkedApp, file: FileNode): Handler[] {
  if (!exportsName(file, "handle")) return [];
  const { solver } = app.linked;
  const at = { file: file.path, line: 1 };
  const tokens = solver.exported(file, "handle");
  const inSequence = tokens.flatMap((token) => {
    const site = token.kind === "external" && token.api === SEQUENCE ? token.via : null;
    if (site === null) return [];
    return site.call.fact.args.flatMap((arg) => handlersOf(app, solver.evaluate(site.call.file, arg, site.env), at));
  });
  return inSequence.length > 0 ? inSequence : handlersOf(app, tokens, at);
}
