/** `Bun.serve({ routes: { "/users/:id": fn, "/users": { POST: fn } } })`. */
import { NONE } from "../link/token.ts";
import type { Route } from "../model.ts";
import { isInTestFolder, isTestFile } from "../services/file-roles.ts";
import { handlersOf, routeAt } from "./conventional.ts";
import type { Framework, LinkedApp } from "./framework.ts";

const METHODS = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

export const bun: Framework = {
  name: "bun",
  find: (app) => ({
    routes: app.linked.solver.program.calls.flatMap((call) => {
      const tokens = app.linked.callees[call.uid] ?? NONE;
      const isServe = tokens.some(
        (token) => token.kind === "external" && /^(global:Bun\.serve|bun:serve)$/.test(token.api),
      );
      const [options] = call.fact.args;
      const { path } = call.file;
      if (!isServe || options === undefined || isTestFile(path) || isInTestFolder(path)) return [];
      return app.linked.solver
        .evaluate(call.file, options, null)
        .flatMap((token) => app.linked.solver.member(token, "routes"))
        .flatMap((token) =>
          token.kind === "object" ? routesIn(app, token, { file: path, line: call.fact.span.line }) : [],
        );
    }),
    entries: [],
  }),
};

type Table = Extract<ReturnType<LinkedApp["linked"]["solver"]["evaluate"]>[number], { kind: "object" }>;

function routesIn(app: LinkedApp, table: Table, at: { file: string; line: number }): Route[] {
  const { solver } = app.linked;
  const route = (method: string, path: string, tokens: typeof NONE): Route => {
    const handlers = handlersOf(app, tokens, at);
    return routeAt(app, {
      method,
      via: "http",
      path,
      framework: "bun",
      middleware: [],
      handlers,
      ...(handlers[0]?.place ?? at),
    });
  };
  return table.value.entries.flatMap(({ key }) => {
    const tokens = key.startsWith("/") ? solver.member(table, key) : NONE;
    const byMethod = tokens.find((token) => token.kind === "object");
    if (byMethod?.kind === "object") {
      const names = byMethod.value.entries.map((entry) => entry.key).filter((name) => METHODS.has(name));
      return names.map((name) => route(name, key, solver.member(byMethod, name)));
    }
    return tokens.some((token) => token.kind === "fn") ? [route("ALL", key, tokens)] : [];
  });
}
