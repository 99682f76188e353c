/** The api paths by which Fastify's hooks, wrappers and plugins of packages are known. */
import type { CallNode } from "../../link/program.ts";
import type { External } from "../../link/token.ts";
import { isInTestFolder, isTestFile } from "../../services/file-roles.ts";
import type { LinkedApp } from "../framework.ts";
import type { Placed } from "../routing/items.ts";

/** Hooks that run before a handler, in the order in which Fastify runs them. */
export const PHASES = ["onRequest", "preParsing", "preValidation", "preHandler"] as const;
export type Phase = (typeof PHASES)[number];

export function isPhase(name: string): name is Phase {
  return PHASES.some((phase) => phase === name);
}

export const VERBS = new Set(["get", "post", "put", "patch", "delete", "head", "options", "trace", "all"]);

/** Packages whose plugins do something with each request, and when. */
const PLUGINS: Readonly<Record<string, Phase>> = {
  "@fastify/rate-limit": "onRequest",
  "fastify-rate-limit": "onRequest",
  "@fastify/helmet": "onRequest",
  "fastify-helmet": "onRequest",
  "@fastify/cors": "onRequest",
  "fastify-cors": "onRequest",
  "@fastify/cookie": "onRequest",
  "@fastify/session": "onRequest",
  "@fastify/secure-session": "onRequest",
  "@fastify/under-pressure": "onRequest",
  "@fastify/bearer-auth": "onRequest",
  "@immobiliarelabs/fastify-sentry": "onRequest",
  "@clerk/fastify": "preHandler",
};

/** When a package's plugin acts on a request; null when it does not, or nothing is known of it. */
export function phaseOfPlugin(api: string): Phase | null {
  const name = api.slice(0, api.indexOf(":"));
  return Object.hasOwn(PLUGINS, name) ? (PLUGINS[name] ?? null) : null;
}

export function isRateLimit(api: string | null): boolean {
  return api !== null && /^(@fastify\/|fastify-)rate-limit:/.test(api);
}

/** True for an instance that no plugin was given; what only a test registers is as good as the root. */
export function isRoot({ api, via }: External): boolean {
  return !api.includes(".register()") || (via !== null && isTest(via.call.file.path));
}

/** The call that makes the instance; null when only a type, a name or a test says that there is one. */
export function makerOf({ made }: External): CallNode | null {
  return made === null || isTest(made.call.file.path) ? null : made.call;
}

export function isTest(file: string): boolean {
  return isTestFile(file) || isInTestFolder(file);
}

/** Roots whose making is not known are all the same. */
export function keyOf(instance: External): string {
  return isRoot(instance) && makerOf(instance) === null ? "?" : instance.key;
}

/** `fastify.auth([a, b])` hands on what it is given. */
export function inside(_: LinkedApp, { api, via }: External): { values: Placed[]; at: string } | null {
  const [first] = via?.call.fact.args ?? [];
  if (via === null || first === undefined || !/^fastify:.*\.auth\(\)$/.test(api)) return null;
  return { values: [{ file: via.call.file, value: first, env: via.env }], at: "" };
}
