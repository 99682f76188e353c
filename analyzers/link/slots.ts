/** What frameworks keep under a name and hand out elsewhere: `app.decorate("db", pool)`, `ctx.state.user = u`, `c.set("db", pool)`. */
import { isFastifyInstance, providedBy } from "../libraries/web.ts";
import type { Value } from "../summary.ts";
import { behindName, own, type CallNode, type FileNode, type Program } from "./program.ts";
import type { Solver, Written } from "./solver.ts";
import { external, NONE, union, type External, type Site, type Tokens } from "./token.ts";

/** Values by holder and name: `fastify db`, `koa state.user`, `hono db`. */
export type Slots = ReadonlyMap<string, readonly Written[]>;

const DECORATING: Readonly<Record<string, string>> = {
  decorate: "fastify",
  decorateRequest: "fastify-request",
  decorateReply: "fastify-reply",
};
/** Names by which a request's context goes. */
const CONTEXT = /^_?(c|ctx|context)$/;

export function slotsOf(program: Program): Slots {
  const found = new Map<string, Written[]>();
  const note = (slot: string | null, file: FileNode, value: Value | undefined) => {
    if (slot === null || value === undefined || value.kind === "unknown" || isNothing(value)) return;
    const known = found.get(slot);
    if (known === undefined) found.set(slot, [{ file, value }]);
    else known.push({ file, value });
  };
  for (const call of program.calls) note(slotOfCall(call), call.file, call.fact.args[1]);
  for (const file of program.files.values()) {
    for (const { target, value } of file.summary.writes) note(slotOfTarget(file, target), file, value);
  }
  return found;
}

/** `decorateRequest("user", null)` only makes room. */
function isNothing(value: Value): boolean {
  return value.kind === "literal" && (value.value === null || value.value === "");
}

function slotOfCall({ file, fact: { callee, args } }: CallNode): string | null {
  const [name] = args;
  if (callee.kind !== "member" || args.length < 2 || name?.kind !== "literal" || typeof name.value !== "string")
    return null;
  const holder = own(DECORATING, callee.property);
  if (holder !== undefined) return `${holder} ${name.value}`;
  return callee.property === "set" && isContext(file, callee.object) ? `hono ${name.value}` : null;
}

function slotOfTarget(file: FileNode, target: Value): string | null {
  if (target.kind !== "member") return null;
  const { object, property } = target;
  if (isContext(file, object)) return `koa ${property}`;
  if (object.kind !== "member") return null;
  if (object.property === "state" && isContext(file, object.object)) return `koa state.${property}`;
  return object.property === "context" ? `koa ${property}` : null;
}

function isContext(file: FileNode, value: Value): boolean {
  const behind = behindName(file, value);
  const name = behind.kind === "param" ? (file.fns[behind.fn]?.fact.params[behind.index]?.name ?? null) : null;
  return name !== null && CONTEXT.test(name);
}

/** What stands under the property of an instance, a request or a context; nothing where it is the framework's own. */
export function slotMember(solver: Solver, { api }: External, property: string): Tokens {
  const holder = holderOf(api);
  if (holder === null) return NONE;
  const kept = valuesOf(solver, `${holder}${property}`);
  if (kept.length > 0) return kept;
  const provided = providedBy(api, property);
  const token = provided === null ? null : external(provided, true);
  return token === null ? NONE : [token];
}

function holderOf(api: string): string | null {
  switch (api) {
    case "fastify:FastifyRequest()":
      return "fastify-request ";
    case "fastify:FastifyReply()":
      return "fastify-reply ";
    case "koa:Context()":
      return "koa ";
    case "koa:Context().state":
      return "koa state.";
    case "hono:Context().var":
      return "hono ";
    default:
      return api.startsWith("fastify:") && isFastifyInstance(api.replace(/\.mongo$/, "")) ? "fastify " : null;
  }
}

/** `c.get("db")`; null when the call asks for nothing that is kept. */
export function slotResult(solver: Solver, { call }: Site, objects: Tokens, method: string): Tokens | null {
  const [name] = call.fact.args;
  if (method !== "get" || name?.kind !== "literal") return null;
  if (!objects.some((token) => token.kind === "external" && token.api === "hono:Context()")) return null;
  const kept = valuesOf(solver, `hono ${String(name.value)}`);
  return kept.length > 0 ? kept : null;
}

function valuesOf(solver: Solver, slot: string): Tokens {
  const written = solver.slots.get(slot);
  if (written === undefined) return NONE;
  const tokens = union(written.map(({ file, value }) => solver.evaluate(file, value, null)));
  return slot.startsWith("fastify") ? union(tokens.map((token) => throughGetter(solver, token))) : tokens;
}

/** `decorate("db", { getter() { return pool } })` */
function throughGetter(solver: Solver, token: Tokens[number]): Tokens {
  const getters = token.kind === "object" ? solver.member(token, "getter") : NONE;
  if (getters.length === 0) return [token];
  return union(
    getters.flatMap((getter) =>
      getter.kind === "fn" ? getter.fn.fact.returns.map((value) => solver.evaluate(getter.fn.file, value, null)) : [],
    ),
  );
}
