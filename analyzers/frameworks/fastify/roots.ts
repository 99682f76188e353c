/** The Fastify instances that requests come in by: those that the app makes, or the one that `fastify start` hands to it. */
import { NONE } from "../../link/token.ts";
import type { LinkedApp } from "../framework.ts";
import { isTest } from "./apis.ts";
import type { Scope } from "./registrations.ts";

/** Made instances that run, and per service that makes none what is registered on an instance of unknown making. */
export function rootsOf(app: LinkedApp, scopes: ReadonlyMap<string, Scope>): Scope[] {
  const roots = [...scopes.values()].filter(({ isRoot }) => isRoot);
  const made = roots.filter((root) => root.made !== null);
  const fileOf = (root: Scope) => root.made?.file.path ?? "";
  const serviceOf = (file: string) => app.serviceOf(file)?.root;
  const isLive = (root: Scope) => runs(app, fileOf(root));
  const live = made.filter(
    (root) =>
      isLive(root) || !made.some((other) => isLive(other) && serviceOf(fileOf(other)) === serviceOf(fileOf(root))),
  );
  const served = new Set(makersIn(app).map((file) => serviceOf(file)));
  const handed = roots.filter((root) => root.made === null);
  const unmade = handed.map((root) => ({
    ...root,
    list: root.list.filter(({ call }) => {
      const service = serviceOf(call.file.path);
      return served.size === 0 || (service !== undefined && !served.has(service));
    }),
  }));
  return [...live, ...unmade];
}

function runs(app: LinkedApp, file: string): boolean {
  return !["dead", "script", "build", "test"].includes(app.contextOf(file));
}

/** Running files in which an instance is made. */
function makersIn(app: LinkedApp): string[] {
  const { solver, callees } = app.linked;
  return solver.program.calls.flatMap((call) => {
    const makes = (callees[call.uid] ?? NONE).some(
      (token) => token.kind === "external" && /^fastify:(fastify|default)?$/.test(token.api),
    );
    return makes && !isTest(call.file.path) && runs(app, call.file.path) ? [call.file.path] : [];
  });
}
