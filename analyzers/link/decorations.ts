/** Decorators as they take effect: through `applyDecorators` and the app's own factories, each with the call that made it. */
import type { CallId } from "../summary.ts";
import type { CallNode, FileNode } from "./program.ts";
import { calleeTokens } from "./callees.ts";
import type { Solver } from "./solver.ts";
import { NONE, type Env, type Site, type Token, type Tokens } from "./token.ts";

/** One decorator in effect. */
export interface Decoration {
  /** `@nestjs/common:Get`; null for a decorator of the app's own that leads to none of a package. */
  api: string | null;
  /** The call that holds its arguments: `Get("/x")`, also where it stands in a factory of the app's own. */
  site: Site;
  /** The call as it stands at the decorated thing. */
  written: CallNode;
}

/** Functions of packages whose arguments are decorators that all apply. */
const COMPOSING: ReadonlySet<string> = new Set(["@nestjs/common:applyDecorators", "@nestjs/common:composeDecorators"]);
/** Factories in factories. */
const MAX_DEPTH = 6;

/** The decorators that a list of decorator calls comes down to, in source order; `env`: that of the decorated class. */
export function decorationsOf(
  solver: Solver,
  file: FileNode,
  calls: readonly CallId[] | undefined,
  env: Env | null = null,
): Decoration[] {
  return (calls ?? []).flatMap((id) => {
    const written = file.calls[id];
    return written === undefined ? [] : decorationsAt(solver, { call: written, env });
  });
}

function decorationsAt(solver: Solver, site: Site): Decoration[] {
  const { call: written } = site;
  const callees = calleeTokens(solver, site);
  const found = callees.flatMap((token) => {
    if (token.kind !== "external") return token.kind === "fn" ? opened(solver, solver.result(site), written, 0) : [];
    return token.api.endsWith("()") && written.fact.args.length === 0
      ? opened(solver, [token], written, 0)
      : ofCall(solver, token.api, site, written, 0);
  });
  return found.length > 0 ? found : [{ api: null, site, written }];
}

/** Values that are decorators: what a factory returned, or the arguments of a composition. */
function opened(solver: Solver, tokens: Tokens, written: CallNode, depth: number): Decoration[] {
  return tokens.flatMap((token) => openedToken(solver, token, written, depth));
}

function openedToken(solver: Solver, token: Token, written: CallNode, depth: number): Decoration[] {
  if (depth > MAX_DEPTH) return [];
  if (token.kind === "array") {
    return token.value.items.flatMap((item) =>
      opened(solver, solver.evaluate(token.file, item, token.env), written, depth + 1),
    );
  }
  if (token.kind !== "external") return [];
  if (!token.api.endsWith("()") || token.via === null) {
    return [{ api: token.api, site: { call: written, env: null }, written }];
  }
  return ofCall(solver, token.api.slice(0, -2), token.via, written, depth);
}

function ofCall(solver: Solver, api: string, site: Site, written: CallNode, depth: number): Decoration[] {
  if (!COMPOSING.has(api)) return [{ api, site, written }];
  return site.call.fact.args.flatMap((arg) =>
    opened(solver, solver.evaluate(site.call.file, arg, site.env), written, depth + 1),
  );
}

/** What a decoration's argument at a position is; nothing where it has none. */
export function argumentOf(solver: Solver, { site }: Decoration, position: number): Tokens {
  const arg = site.call.fact.args[position];
  return arg === undefined ? NONE : solver.evaluate(site.call.file, arg, site.env);
}
