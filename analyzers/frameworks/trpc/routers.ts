/** What a tRPC router holds: procedures and further routers by name, in each of the ways in which versions 9 to 11 write it. */
import type { External, Token, Tokens } from "../../link/token.ts";
import { textsOf } from "../../link/known.ts";
import type { Handler } from "../../model.ts";
import { handlersOf, stepsOf, type Step } from "../builder.ts";
import type { LinkedApp } from "../framework.ts";

export interface Branch {
  /** Null where what it holds joins the router itself. */
  name: string | null;
  tokens: Tokens;
  /** What version 9 runs before the procedures that follow. */
  middleware?: readonly Handler[];
}

const ROUTER = /^@trpc\/server:(.*\.)?(router|mergeRouters|lazy|experimental_lazy)\(\)/;

export function isRouter(token: Token): token is External {
  return token.kind === "external" && (isMade(token) || ROUTER.test(token.api));
}

/** Version 9 goes on by methods of the router itself. */
function isMade({ api }: External): boolean {
  return /^@trpc\/server:router\(\)(\.|$)/.test(api);
}

export function routersIn(app: LinkedApp, token: Token): Branch[] {
  if (token.kind === "object") return entriesOf(app, [token]);
  if (token.kind !== "external") return [];
  if (isMade(token)) return chained(app, token);
  const { via, api } = token;
  if (via === null) return [];
  const { solver } = app.linked;
  const given = via.call.fact.args.map((arg) => solver.evaluate(via.call.file, arg, via.env));
  if (api.endsWith("mergeRouters()")) return given.map((tokens) => ({ name: null, tokens }));
  if (api.endsWith("lazy()")) return given.flatMap((tokens) => loaded(app, tokens));
  return entriesOf(app, given[0] ?? []);
}

/** The entries of the objects, spread ones included. */
function entriesOf({ linked: { solver } }: LinkedApp, tokens: Tokens): Branch[] {
  return tokens.flatMap((token) => {
    if (token.kind !== "object") return isRouter(token) ? [{ name: null, tokens: [token] }] : [];
    const { file, value, env } = token;
    const spread = value.spreads.map((each) => ({ name: null, tokens: solver.evaluate(file, each, env) }));
    const own = value.entries.map(({ key, value: entry }) => ({
      name: key,
      tokens: solver.evaluate(file, entry, env),
    }));
    return [...spread, ...own];
  });
}

/** `lazy(() => import("./users"))`: the module's default, or the router that it exports. */
function loaded({ linked: { solver } }: LinkedApp, tokens: Tokens): Branch[] {
  return tokens.flatMap((token) => {
    if (token.kind !== "fn") return [];
    const made = token.fn.fact.returns.flatMap((value) => solver.evaluate(token.fn.file, value, token.env));
    return made.flatMap((each) => {
      if (each.kind !== "module") return [{ name: null, tokens: [each] }];
      const main = solver.member(each, "default").filter(isRouter);
      return [{ name: null, tokens: main.length > 0 ? main : solver.elements([each]).filter(isRouter) }];
    });
  });
}

/** `router().middleware(auth).query("list", { resolve }).merge("posts.", posts)`. */
function chained(app: LinkedApp, token: External): Branch[] {
  const before: Handler[] = [];
  const steps = stepsOf(token);
  return steps.flatMap((step, index): Branch[] => {
    if (step.name === "middleware") before.push(...handlersOf(app, step));
    const name = textIn(app, step);
    if (step.name === "merge") return merged(app, step, name);
    if (!/^(query|mutation|subscription)$/.test(step.name) || name === null) return [];
    const until = stepToken(token, steps, index);
    return until === null ? [] : [{ name, tokens: [until], middleware: [...before] }];
  });
}

function merged({ linked: { solver } }: LinkedApp, { call }: Step, name: string | null): Branch[] {
  const last = call.fact.args.at(-1);
  const tokens = last === undefined ? [] : solver.evaluate(call.file, last, null);
  return [{ name: name === null || name === "" ? null : name.replace(/\.$/, ""), tokens }];
}

function textIn({ linked: { solver } }: LinkedApp, { call }: Step): string | null {
  const [first] = call.fact.args;
  return first === undefined ? null : (textsOf(solver, solver.evaluate(call.file, first, null))[0] ?? null);
}

/** The step alone, as if it were a procedure of today's kind. */
function stepToken(token: External, steps: readonly Step[], index: number): External | null {
  const step = steps[index];
  if (step === undefined) return null;
  const api = `@trpc/server:procedure.${step.name}()`;
  const site = { call: step.call, env: null };
  return { ...token, key: `${token.key}#${index}`, api, made: site, via: site, calls: [step.call] };
}
