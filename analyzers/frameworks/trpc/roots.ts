/** The routers that a server answers with: those handed to an adapter, or where none is, those that no other router holds. */
import { NONE, type External, type Token, type Tokens } from "../../link/token.ts";
import type { CallNode } from "../../link/program.ts";
import type { LinkedApp } from "../framework.ts";
import { isRouter, routersIn } from "./routers.ts";

export interface Root {
  router: Token;
  /** Of the service that serves it; null where nothing shows which. */
  service: string | null;
}

/** Adapters, and what plugins of other servers are given. */
const ADAPTERS = /^(@trpc\/server\/adapters\/|@hono\/trpc-server:|trpc-openapi:|@trpc\/server:createOpenApi)/;

export function rootRouters(app: LinkedApp): Root[] {
  const { callees, solver } = app.linked;
  const isUsed = (call: CallNode) => !["test", "dead", "script", "browser"].includes(app.contextOf(call.file.path));
  const mounted = solver.program.calls.filter(isUsed).flatMap((call) => {
    const isAdapter = (callees[call.uid] ?? NONE).some(
      (token) => token.kind === "external" && ADAPTERS.test(token.api),
    );
    if (!isAdapter && !isGivenAdapter(app, call)) return [];
    const service = app.serviceOf(call.file.path)?.name ?? null;
    return routersGiven(app, call).map((router) => ({ router, service }));
  });
  return mounted.length > 0 ? mounted : topRouters(app, isUsed);
}

/** `server.register(fastifyTRPCPlugin, { trpcOptions: { router } })`. */
function isGivenAdapter({ linked: { solver } }: LinkedApp, { file, fact: { args } }: CallNode): boolean {
  const [first] = args;
  if (first?.kind !== "imported" || args.length < 2) return false;
  return solver.evaluate(file, first, null).some((token) => token.kind === "external" && ADAPTERS.test(token.api));
}

function routersGiven({ linked: { solver } }: LinkedApp, { file, fact: { args } }: CallNode): Token[] {
  const options = args.flatMap((arg) => solver.evaluate(file, arg, null));
  const inner = options.flatMap((token) => [token, ...membersOf(token, "trpcOptions")]);
  return inner
    .flatMap((token) => membersOf(token, "router"))
    .filter((token) => isRouter(token) || token.kind === "object");

  function membersOf(token: Token, name: string): Tokens {
    return token.kind === "object" ? solver.member(token, name) : NONE;
  }
}

function topRouters(app: LinkedApp, isUsed: (call: CallNode) => boolean): Root[] {
  const { solver } = app.linked;
  const made = solver.program.calls
    .filter((call) => isUsed(call) && call.fact.use !== "rendered")
    .flatMap((call) => {
      const isOne = (app.linked.callees[call.uid] ?? NONE).some(
        (token) => token.kind === "external" && /^@trpc\/server:(.*\.)?(router|mergeRouters)$/.test(token.api),
      );
      return isOne ? solver.result({ call, env: null }).filter(isRouter) : [];
    });
  const held = new Set(made.flatMap((router) => routersIn(app, router)).flatMap(({ tokens }) => tokens.map(identity)));
  return made.filter((router) => !held.has(identity(router))).map((router) => ({ router, service: null }));
}

/** The place where it is made: one router may be reached by many names. */
function identity(token: Token): string {
  const external: External | null = token.kind === "external" ? token : null;
  return external?.via == null ? token.key : String(external.via.call.uid);
}
