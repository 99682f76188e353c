/** What Elysia registers on: instances, and the same instance as a group, a guard or a function plugin is handed it. */
import { isElysiaGroup, isElysiaInstance } from "../../libraries/web.ts";
import { textsOf } from "../../link/known.ts";
import type { CallNode, FnNode } from "../../link/program.ts";
import { externalBehind } from "../../link/members.ts";
import { NONE, type Token } from "../../link/token.ts";
import type { LinkedApp } from "../framework.ts";
import { routerMadeAt, type Router } from "../routing/router.ts";

/** The instance that a token is. */
export function routerOf(token: Token): Router | null {
  if (token.kind !== "external" || !isElysiaInstance(token.api)) return null;
  return routerMadeAt("elysia", true, token.made);
}

/** What the callback of `group("/v1", (app) => ...)`, of a guard or of `use((app) => ...)` registers. */
export function groupOf({ uid }: FnNode): Router {
  return { key: `elysia group ${uid}`, isApp: false, made: null };
}

/** What a call registers on: an instance, or what the function around the call was handed. */
export function ownerOf(token: Token, { fn }: CallNode): Router | null {
  return token.kind === "external" && isElysiaGroup(token.api) ? groupOf(fn) : routerOf(token);
}

/** Hooks of a guard hold for its callback alone. */
export function guardOf({ uid }: CallNode): Router {
  return { key: `elysia guard ${uid}`, isApp: false, made: null };
}

export function guardsOnly({ key }: Router): boolean {
  return key.startsWith("elysia guard ");
}

/** `new Elysia({ prefix: "/api" })` */
export function prefixOf({ linked: { solver } }: LinkedApp, { made }: Router): string {
  const options = made?.call.fact.args[0];
  if (made === null || options === undefined) return "";
  const values = solver.evaluate(made.call.file, options, made.env);
  const texts = values.flatMap((token) =>
    token.kind === "object" ? textsOf(solver, solver.member(token, "prefix")) : [],
  );
  return texts[0] ?? "";
}

/** Instances that listen, or whose `handle` or `fetch` is handed on. */
export function servedFinder({ linked: { solver, callees } }: LinkedApp): (router: Router) => boolean {
  const keys = new Set<string>();
  for (const call of solver.program.calls) {
    const { callee } = call.fact;
    if (callee.kind !== "member" || !/^(listen|handle|fetch)$/.test(callee.property)) continue;
    const isOwn = (callees[call.uid] ?? NONE).some(
      (token) => token.kind === "external" && token.api.startsWith("elysia:"),
    );
    if (!isOwn) continue;
    for (const token of solver.evaluate(call.file, callee.object, null)) {
      const router = routerOf(externalBehind(solver, token));
      if (router !== null) keys.add(router.key);
    }
  }
  return ({ key }) => keys.has(key);
}
