/** Writes that nobody waits for: the answer goes out before they are done, their errors are lost, and some never begin. */
import { indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import { takerOf } from "../../analyzers/flow/taker.ts";
import { isWrite, queriesOf, type Dialect, type Query } from "../../analyzers/queries/index.ts";
import { evidenceOf, provenBy } from "../evidence.ts";
import type { Match } from "../finding.ts";
import { obstacleAtCall } from "./awaits.ts";
import { isAside, shownTable } from "./names.ts";
import { holderName, isOccasional, lowest, routesTo, waitersIn } from "./reached.ts";

const unawaitedRule = "database/write-not-awaited";

/** A write, and the call that is dropped: its own, or that of the function that makes it. */
interface Dropped {
  write: Query;
  site: CallSite;
  /** The library that sends it only when it is awaited; null when it is sent, or may be. */
  unsent: string | null;
}

export function unawaitedWrites(model: Model): Match[] {
  const writes = queriesOf(model).filter((query) => isWrite(query) && !isAside(query.table ?? "") && !isGlance(query));
  const dropped = writes.flatMap((write) => [...ownDropped(write, model), ...calledDropped(write, model)]);
  const looped = new Map(writes.flatMap((write) => loopDropped(write, model)).map((each) => [each.site.id, each]));
  return [...dropped, ...looped.values()].flatMap((each) => matchFor(each, model));
}

/** When somebody was last seen, and how often something was looked at: nobody misses one. */
function isGlance({ sets }: Query): boolean {
  return sets.length > 0 && sets.every(({ column }) => glance.test(column));
}

const glance = /last|seen|view|visit|hit|click|count/i;

/** `order.save();` as a statement of its own. */
function ownDropped(write: Query, model: Model): Dropped[] {
  const last = lastOf(write, model);
  if (write.waited || last?.use !== "discarded" || isSentLater(last, write, model) || isMeant(last, model)) return [];
  const sites = [...write.calls].flatMap((id) => model.call(id) ?? []);
  // A callback waits in its own way.
  if (sites.some(({ awaited, use, args }) => awaited || use === "chained" || args.some(({ kind }) => kind === "fn")))
    return [];
  return [{ write, site: last, unsent: neverBegins(write, last, model) }];
}

/** `reduceStock(order);`, a function that waits for its write and whose caller does not wait for it. */
function calledDropped(write: Query, model: Model): Dropped[] {
  const { call, waited } = write;
  const holder = model.fn(call.fn);
  if (!waited || call.guarded || holder?.async !== true || holder.name === null || beside.test(holder.name)) return [];
  return model
    .callers(holder.id)
    .filter((site) => site.use === "discarded" && !site.awaited && !isMeant(site, model))
    .filter(({ args }) => !args.some(({ kind }) => kind === "fn"))
    .map((site) => ({ write, site, unsent: null }));
}

/** `rows.forEach(async (row) => { await save(row); })`: the callback waits, and nobody waits for the callback. */
function loopDropped(write: Query, model: Model): Dropped[] {
  const { call, waited } = write;
  const isBeside = beside.test(model.fn(call.fn)?.name ?? "");
  if (!waited || call.guarded) return [];
  const callers = isBeside ? [] : model.callers(call.fn).filter((site) => site.awaited && !site.guarded);
  return [call, ...callers].flatMap((site) => {
    const callback = model.fn(site.fn);
    const loop = callback?.async === true && callback.name === null ? takerOf(callback.id, model) : null;
    if (loop === null || loop.use !== "discarded" || loop.awaited || !/^(map|forEach)$/.test(endingOf(loop, model)))
      return [];
    return isMeant(loop, model) ? [] : [{ write, site: loop, unsent: null }];
  });
}

/** Functions whose work is beside the matter, or goes on for long and on its own. */
const beside =
  /log|audit|track|notif|record|activity|analytic|cache|sync|process|run|start|init|background|clean|clear|purge|refresh|broadcast|emit|schedule|poll|worker|job|seed|import/i;

/** The call that ends the chain of a query: `.values()` of `db.insert(orders).values(order)`. */
function lastOf({ call, calls }: Query, model: Model): CallSite | null {
  const sites = [...calls].flatMap((id) => model.call(id) ?? []).filter(({ file }) => file === call.file);
  return sites.toSorted((a, b) => a.span.end - b.span.end).at(-1) ?? null;
}

/** Ends of a chain that work at once, in drivers that know no promises. */
const atOnce = /^(run|all|get)$/;

/** What works at once, or is only laid by for a commit. */
function isSentLater(last: CallSite, { use, dialect }: Query, model: Model): boolean {
  if (dialect === "mikro-orm" || dialect === "sql" || dialect === "firestore") return true;
  return atOnce.test(endingOf(last, model)) || /batch\(|transaction/i.test(use.api);
}

/** `void` before it or words above it say that nobody is to wait, or it only notes when somebody was last seen. */
function isMeant({ file, span, statement }: CallSite, model: Model): boolean {
  const text = model.repo.read(file) ?? "";
  const own = text.slice(statement.start, span.end);
  if (/^\s*void\b/.test(own) || notes.test(own)) return true;
  const above = text.slice(0, statement.start).split("\n").slice(-4);
  return meant.test(above.join("\n")) || above.some((line) => noted.test(line));
}

const meant =
  /(\/\/|\*).*\b(background|fire.?and.?forget|async\w*|not? (a)?wait\w*|(don't|do not|without) (a)?wait\w*|non.?blocking|best.?effort)/i;
const noted = /\.(last[A-Z_]\w*|\w*[sS]een\w*|views?)\s*=[^=]/;
const notes = /\b(last[A-Z_]\w*|\w*[sS]een\w*)\s*:/;

/** Libraries whose queries are sent by `await` or `then` alone, as people call them. */
const lazy: Partial<Record<Dialect, string>> = {
  prisma: "Prisma",
  drizzle: "Drizzle",
  knex: "Knex",
  objection: "Objection",
  supabase: "the Supabase client",
  mongoose: "Mongoose",
};

/** Of Mongoose, what a model gives as a query; a document's own methods have changed between major versions. */
const queryOfModel =
  /(model\(\)|Model\(\)|:Model)\.(updateOne|updateMany|deleteOne|deleteMany|replaceOne|findOneAnd\w+|findByIdAnd\w+)$/;

function neverBegins({ dialect, use }: Query, last: CallSite, model: Model): string | null {
  if (/^(exec|execute)/.test(endingOf(last, model))) return null;
  if (dialect === "mongoose" && !queryOfModel.test(use.api)) return null;
  return lazy[dialect] ?? null;
}

function endingOf({ file, id }: CallSite, model: Model): string {
  const callee = model.summary(file)?.calls[indexIn(id)]?.callee;
  return callee?.kind === "member" ? callee.property : "";
}

function matchFor({ write, site, unsent }: Dropped, model: Model): Match[] {
  const ways = routesTo(site, model);
  if (ways.length === 0) return [];
  const who = waitersIn(ways);
  const what = shownTable(write.table, "the database");
  return [
    {
      rule: unawaitedRule,
      ...(unsent === null ? {} : { title: "A write to the database never runs" }),
      file: site.file,
      line: site.line,
      confidence: isOccasional(ways) ? "low" : lowest("high", provenBy(write.use.certainty, ways)),
      message:
        unsent === null
          ? `${who} writes ${what} and goes on without waiting: the answer says that it is done before it is, and when the write fails, nobody learns of it.`
          : `${who} prepares a write to ${what} and drops it: ${unsent} sends a query only once it is awaited, so nothing is written.`,
      also: [write.call].flatMap(({ file, line }) =>
        file === site.file && line === site.line ? [] : [{ file, line }],
      ),
      ...evidenceOf(ways),
      call: site.id,
      anchor: `${write.table ?? write.use.api} not awaited in ${holderName(site, model)}`,
      fix: obstacleAtCall(site, model) === null ? "patch" : "brief",
    },
  ];
}
