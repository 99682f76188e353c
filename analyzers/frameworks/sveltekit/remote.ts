/** Remote functions: exports of `*.remote` files that the browser calls like functions of its own. */
import type { FileNode } from "../../link/program.ts";
import type { Handler, Route } from "../../model.ts";
import { functionsGiven, ownHandler, routeAt } from "../conventional.ts";
import type { LinkedApp } from "../framework.ts";

/** What `$app/server` makes of a function; `prerender` runs when the app is built. */
const KINDS: Readonly<Record<string, Pick<Route, "method" | "via">>> = {
  "$app/server:query()": { method: "QUERY", via: "rpc" },
  "$app/server:query.batch()": { method: "QUERY", via: "rpc" },
  "$app/server:query.live()": { method: "QUERY", via: "rpc" },
  "$app/server:form()": { method: "ACTION", via: "action" },
  "$app/server:command()": { method: "ACTION", via: "action" },
};

export function remoteRoutes(app: LinkedApp, files: readonly FileNode[], hooks: readonly Handler[]): Route[] {
  return files
    .filter(({ path }) => /\.remote\.[jt]s$/.test(path))
    .flatMap((file) => Object.keys(file.summary.exports).flatMap((name) => routesNamed(app, file, name, hooks)));
}

function routesNamed(app: LinkedApp, file: FileNode, name: string, hooks: readonly Handler[]): Route[] {
  return app.linked.solver.exported(file, name).flatMap((token) => {
    const kind = token.kind === "external" ? KINDS[token.api] : undefined;
    if (token.kind !== "external" || kind === undefined) return [];
    const [work, ...others] = functionsGiven(app, token);
    const handlers = work === undefined ? [] : [ownHandler(work, others)];
    const line = token.via?.call.fact.span.line ?? 1;
    const place = { file: file.path, line };
    return routeAt(app, { ...kind, path: name, framework: "sveltekit", middleware: [...hooks], handlers, ...place });
  });
}
