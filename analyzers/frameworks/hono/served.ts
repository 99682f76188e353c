/** Which Hono apps requests come in by: those that are served, handed to a host's adapter or exported by an entry. */
import { isHonoApp } from "../../libraries/web.ts";
import { externalBehind } from "../../link/members.ts";
import { NONE, type Token, type Tokens } from "../../link/token.ts";
import type { LinkedApp } from "../framework.ts";
import type { Router } from "../routing/router.ts";
import { routerOf } from "./apis.ts";

/** Calls that take an app, or its `fetch`, and answer requests with it. */
const SERVING =
  /^(@hono\/node-server(\/[\w-]+)?:|hono\/(vercel|aws-lambda|netlify|lambda-edge|cloudflare-pages|service-worker|bun|deno):|react-router-hono-server(\/\w+)?:|global:(Bun|Deno)\.serve$)/;

export function servedFinder(app: LinkedApp): (router: Router) => boolean {
  const keys = new Set([...handedOver(app), ...exportedByEntries(app)].flatMap((token) => appsIn(app, token)));
  return ({ key }) => keys.has(key);
}

function handedOver({ linked: { solver, callees } }: LinkedApp): Tokens {
  return solver.program.calls.flatMap((call) => {
    const isServing = (callees[call.uid] ?? NONE).some((token) => token.kind === "external" && SERVING.test(token.api));
    return isServing ? call.fact.args.flatMap((arg) => solver.evaluate(call.file, arg, null)) : [];
  });
}

function exportedByEntries({ services, linked: { solver } }: LinkedApp): Tokens {
  return services.flatMap(({ entry }) =>
    entry.flatMap((path) => {
      const file = solver.program.files.get(path);
      return file === undefined ? [] : solver.exported(file, "default");
    }),
  );
}

/** The app itself, its `fetch`, or an object with that: `{ port, fetch: app.fetch }`. */
function appsIn(app: LinkedApp, token: Token): string[] {
  const { solver } = app.linked;
  if (token.kind === "object") return solver.member(token, "fetch").flatMap((each) => appsIn(app, each));
  const behind = externalBehind(solver, token);
  if (behind.kind !== "external") return [];
  const api = behind.api.replace(/\.fetch$/, "");
  const router = isHonoApp(api) ? routerOf({ ...behind, api }) : null;
  return router === null ? [] : [router.key];
}
