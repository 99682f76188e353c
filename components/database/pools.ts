/** Connections: made anew for every request, or waited for without end. */
import { indexIn } from "../../analyzers/ids.ts";
import { stepFrom } from "../../analyzers/flow/walk.ts";
import type { CallSite, Known, Model, Reach, Use } from "../../analyzers/model.ts";
import { rootOf } from "../../analyzers/flow/file-index.ts";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Value } from "../../analyzers/summary.ts";
import type { Match } from "../finding.ts";
import { sourcesOfAll } from "../../analyzers/flow/sources.ts";
import { outcomeOf } from "../../analyzers/queries/outcome.ts";
import { argumentsOf } from "./repetition.ts";
import { evidenceOf, provenBy } from "../evidence.ts";
import { holderName, isOccasional, lowest, routesTo, waitersIn } from "./reached.ts";

const poolRule = "database/pool-per-request";
const limitsRule = "database/no-pool-limits";

/** Constructions that open connections of their own, with what they are in words. */
const makers: Readonly<Record<string, string>> = {
  "pg:Pool": "a pool of up to ten connections",
  "pg:Client": "a connection",
  "mysql:createConnection": "a connection",
  "mysql:createPool": "a pool of up to ten connections",
  "mysql2:createConnection": "a connection",
  "mysql2:createPool": "a pool of up to ten connections",
  "mysql2/promise:createConnection": "a connection",
  "mysql2/promise:createPool": "a pool of up to ten connections",
  "postgres:": "a pool of up to ten connections",
  "@prisma/client:PrismaClient": "a client with a whole pool",
  "mongodb:MongoClient": "a client with a pool of up to a hundred connections",
  "mongodb:MongoClient.connect": "a client with a pool of up to a hundred connections",
  "mongoose:createConnection": "a pool of up to a hundred connections",
  "sequelize:Sequelize": "a pool of up to five connections",
  "typeorm:DataSource": "a pool of connections",
  "typeorm:createConnection": "a pool of connections",
  "knex:": "a pool of up to ten connections",
  "knex:knex": "a pool of up to ten connections",
};

export function poolsPerRequest(model: Model): Match[] {
  return Object.entries(makers).flatMap(([api, what]) =>
    model.usesOf(api).flatMap((use) => {
      if (model.context(use.call.file) !== "server" || isKept(use.call, model)) return [];
      const ways = routesTo(use.call, model).filter((way) => !isAtStart(way, model));
      return ways.length === 0 || model.fn(use.call.fn)?.isModule === true ? [] : [perRequest(use, what, ways, model)];
    }),
  );
}

/** The body of a module runs once, whichever request loads it first. */
function isAtStart({ path }: Reach, model: Model): boolean {
  return path.some(({ fn }) => model.fn(fn)?.isModule === true);
}

/** What is put where it outlives the call is made once: a module's variable, the global object, a static field, a map. */
function isKept(call: CallSite, model: Model): boolean {
  const summary = model.summary(call.file);
  const index = indexIn(call.id);
  if (summary === null) return true;
  const isOwn = (value: Value): boolean => {
    if (value.kind === "call") return value.call === index || isChained(value.call);
    if (value.kind === "either") return value.of.some(isOwn);
    if (value.kind === "name")
      return (summary.functions[value.fn]?.bindings[value.name] ?? []).some(
        (bound) => bound.kind !== "name" && isOwn(bound),
      );
    return false;
  };
  const isChained = (id: number): boolean => {
    const callee = summary.calls[id]?.callee;
    const root = callee === undefined ? null : rootOf(callee);
    return root?.kind === "call" && (root.call === index || isChained(root.call));
  };
  const written = summary.writes.some(
    ({ value, target }) => value !== undefined && isOwn(value) && outlives(target, call, model),
  );
  const stored = summary.calls.some(
    ({ callee, args }) => callee.kind === "member" && /^(set|push|add)$/.test(callee.property) && args.some(isOwn),
  );
  return written || stored || isGuarded(call, model);
}

/** A field lives as long as its object: only where that is made per request it is none the better. */
function outlives(target: Value, { fn }: CallSite, model: Model): boolean {
  const root = rootOf(target);
  if (root.kind === "this") return model.fn(fn)?.name !== "constructor";
  return root.kind === "name" ? root.fn !== indexIn(fn) : root.kind === "imported" || root.kind === "class";
}

/** `if (client) return client;`, `client ??= new Client()`: text tells, since conditions are not kept. */
function isGuarded({ file, fn, span }: CallSite, model: Model): boolean {
  const holder = model.fn(fn);
  const before = holder === null ? "" : (model.repo.read(file) ?? "").slice(holder.span.start, span.start);
  return /(\?\?=|\|\|=)\s*(await\s+)?(new\s+)?$|if\s*\(\s*!?\s*(global|globalThis|cached|instance|this\.|_?\w*([Cc]lient|[Pp]ool|[Cc]onn\w*|[Ii]nstance|[Dd]b))\b/.test(
    before,
  );
}

/** An address that a user sent or that stands in the database leads to another database than the app's own. */
function isElsewhere(call: CallSite, model: Model): boolean {
  const steps = argumentsOf(call, model).map((expr) => stepFrom(expr));
  return sourcesOfAll(model, steps).some((source) => source.kind === "request" || outcomeOf(model, source) !== null);
}

function perRequest(use: Use, what: string, ways: readonly Reach[], model: Model): Match {
  const { call } = use;
  return {
    rule: poolRule,
    file: call.file,
    line: call.line,
    confidence: isElsewhere(call, model) || isOccasional(ways) ? "low" : lowest("high", provenBy(use.certainty, ways)),
    message: `${waitersIn(ways)} opens ${what} of its own and pays for the handshake each time: some dozens of users at once use up what the database allows, and then everybody is refused.`,
    also: [],
    ...evidenceOf(ways),
    call: call.id,
    anchor: `${use.api} in ${holderName(call, model)}`,
    fix: "brief",
  };
}

/** node-postgres documentation: `connectionTimeoutMillis` defaults to 0, which waits forever; `max` to 10. */
export function openPools(model: Model): Match[] {
  const uses = ["pg:Pool", "@neondatabase/serverless:Pool", "@vercel/postgres:createPool"].flatMap((api) =>
    model.usesOf(api),
  );
  return uses.flatMap((use) => {
    const { call } = use;
    const service = model.service(call.file);
    const isServer = model.context(call.file) === "server" && (service === null || !isServerless(model, service));
    if (!isServer || model.fn(call.fn)?.isModule === false || mayWaitLimited(call.args[0]) || !isAsked(use, model))
      return [];
    return [openPool(use)];
  });
}

function mayWaitLimited(options: Known | undefined): boolean {
  if (options === undefined) return false;
  if (options.kind !== "object") return options.kind !== "env";
  return options.open || "connectionTimeoutMillis" in options.entries;
}

/** Whether some request reaches a query on it; a pool that is handed to a mapper counts, too. */
function isAsked({ call, api }: Use, model: Model): boolean {
  const own = model
    .usesOn(call)
    .some((use) => use.call.id !== call.id && model.reach(use.call).some(({ entry }) => entry.kind === "route"));
  return own || model.uses.some((use) => use.call.args.some((arg) => holds(arg, `${api}()`)));
}

function holds(arg: Known, api: string): boolean {
  if (arg.kind === "external") return arg.api === api;
  return (
    arg.kind === "object" && Object.values(arg.entries).some((entry) => entry.kind === "external" && entry.api === api)
  );
}

function openPool({ call, api }: Use): Match {
  const max = call.args[0]?.kind === "object" && "max" in call.args[0].entries;
  return {
    rule: limitsRule,
    file: call.file,
    line: call.line,
    confidence: "medium",
    message: `When ${max ? "all connections of this pool" : "all ten connections of this pool (the default)"} are busy, or the database is down, a request waits for one without end: users see a page that never comes instead of an error, and the requests pile up in memory.`,
    also: [],
    routes: [],
    path: [],
    call: call.id,
    anchor: api,
    fix: call.args.length === 0 || call.args[0]?.kind === "object" ? "patch" : "brief",
  };
}
