/** tRPC 9 to 11: the procedures of every router that something serves, with the middleware of their builders. */
import type { External, Token, Tokens } from "../link/token.ts";
import type { Handler, Route } from "../model.ts";
import { handlersOf, stepsOf, type Step } from "./builder.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { layersOf } from "./layers.ts";
import { rootRouters, type Root } from "./trpc/roots.ts";
import { isRouter, routersIn, type Branch } from "./trpc/routers.ts";

const KINDS: Readonly<Record<string, string>> = { query: "QUERY", mutation: "MUTATION", subscription: "SUBSCRIPTION" };
/** Routers within routers deeper than this are taken for a cycle. */
const MAX_DEPTH = 12;

export const trpc: Framework = {
  name: "trpc",
  find: (app) => {
    const routes = rootRouters(app).flatMap((root) => below(app, root, root.router, [], []));
    return { routes: [...new Map(routes.map((route) => [route.id, route])).values()], entries: [] };
  },
};

/** `path`: the names on the way; `within`: the tokens, so that a router that holds itself ends. */
function below(app: LinkedApp, root: Root, token: Token, path: readonly string[], within: readonly string[]): Route[] {
  if (within.includes(token.key) || within.length > MAX_DEPTH) return [];
  const inside = [...within, token.key];
  return routersIn(app, token).flatMap((branch) => {
    const here = branch.name === null ? path : [...path, branch.name];
    return branch.tokens.flatMap((each) => {
      const procedure = procedureOf(each);
      if (procedure !== null) return routeOf(app, root, procedure, { ...branch, name: here.join(".") });
      return isRouter(each) || each.kind === "object" ? below(app, root, each, here, inside) : [];
    });
  });
}

interface Procedure {
  token: External;
  last: Step;
  steps: readonly Step[];
}

function procedureOf(token: Token): Procedure | null {
  if (token.kind !== "external" || !token.api.startsWith("@trpc/server:") || isRouter(token)) return null;
  const steps = stepsOf(token);
  const last = steps.at(-1);
  return last === undefined || KINDS[last.name] === undefined ? null : { token, last, steps };
}

function routeOf(app: LinkedApp, { service }: Root, procedure: Procedure, branch: Branch): Route {
  const { token, last, steps } = procedure;
  const { span } = last.call.fact;
  const place = { file: last.call.file.path, line: span.line };
  const method = KINDS[last.name] ?? "QUERY";
  const { work } = layersOf(app, [token], place);
  return {
    id: `${method} ${branch.name ?? ""} ${place.file}:${span.start}`,
    method,
    via: "rpc",
    path: branch.name ?? "",
    ...place,
    service: service ?? app.serviceOf(place.file)?.name ?? "",
    framework: "trpc",
    middleware: [...(branch.middleware ?? []), ...middlewareOf(app, steps, 0)],
    handlers: [work],
    registration: app.sites.call(last.call),
  };
}

/** What `use` was given on the way, also by builders that `concat` joins in. */
function middlewareOf(app: LinkedApp, steps: readonly Step[], depth: number): Handler[] {
  if (depth > MAX_DEPTH) return [];
  return steps.slice(0, depth === 0 ? -1 : undefined).flatMap((step) => {
    if (step.name === "use") return handlersOf(app, step);
    if (!/concat$/i.test(step.name)) return [];
    return argument(app, step).flatMap((each) =>
      each.kind === "external" ? middlewareOf(app, stepsOf(each), depth + 1) : [],
    );
  });
}

function argument({ linked: { solver } }: LinkedApp, { call }: Step): Tokens {
  const [first] = call.fact.args;
  return first === undefined ? [] : solver.evaluate(call.file, first, null);
}
