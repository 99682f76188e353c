/**
 * Scheduled jobs run once per tick, however many copies of the app are running: the first copy to
 * claim a tick does the job, the others leave it out.
 *
 * When no claim can be made the tick is left out and logged, and the next one tries again. A run
 * that fails half-way is not repeated before the next tick either.
 */
// @if drizzle
import { sql } from "drizzle-orm";
// @end
// @if ownMongoose
import mongoose from "mongoose";
// @end
// @if givenMongoose
import type { Connection } from "mongoose";
// @end
// @if client
__CLIENT_IMPORT__;
// @end
// @if logger
__LOGGER_IMPORT__;
// @end
// @if givenPrisma

/** What is asked of the Prisma client. */
interface Database {
  $queryRaw<Rows>(query: TemplateStringsArray, ...values: unknown[]): Promise<Rows>;
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): Promise<number>;
}
// @end
// @if givenTypeorm

/** What is asked of TypeORM. */
interface Database {
  query(text: string, values?: unknown[]): Promise<unknown>;
}
// @end
// @if wrapper

type Job<Args extends unknown[]> = (...args: Args) => unknown;

/**
 * `seconds` is the shortest time from one tick to the next. Claims are told apart by the time of
 * the tick, not by the moment they are made: copies may be late by up to half of it.
 */
export function oncePerTick<Args extends unknown[]>(job: string, seconds: number, run: Job<Args>) {
  return async (...args: Args): Promise<void> => {
    if (await claimTick(job, seconds)) await run(...args);
  };
}
// @end

// @if !wrapper
/**
 * Whether this copy of the app is the one to do the job now. `seconds` is the shortest time from
 * one tick to the next. Claims are told apart by the time of the tick, not by the moment they are
 * made: copies may be late by up to half of it.
 */
export async function claimTick(__PARAMETER__, job: string, seconds: number): Promise<boolean> {
// @end
// @if wrapper
async function claimTick(job: string, seconds: number): Promise<boolean> {
// @end
  const every = seconds * 1000;
  const tick = new Date(Math.round(Date.now() / every) * every);
  try {
    return await inTime(take(__GIVEN__job, tick.toISOString()));
  } catch (error) {
    __LOG__;
    return false;
  }
}

/** A store that is away may keep a command until it is back: too late for this tick. */
async function inTime(claim: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("No answer within ten seconds")), 10 * 1000);
  });
  return Promise.race([claim, late]).finally(() => clearTimeout(timer));
}
// @if redis

/** Longer than any two copies' clocks are apart. */
const keptMilliseconds = 24 * 60 * 60 * 1000;

/** Redis sets a key that is not there for one caller alone. */
async function take(__PARAMETERS__job: string, tick: string): Promise<boolean> {
  // @if ioredis
  const claimed = await __CLIENT__.set(`tick:${job}:${tick}`, "1", "PX", keptMilliseconds, "NX");
  // @end
  // @if !ioredis
  const claimed = await __CLIENT__.set(`tick:${job}:${tick}`, "1", {
    NX: true,
    PX: keptMilliseconds,
  });
  // @end
  return claimed === "OK";
}
// @end
// @if mongoose

/** One document per job, moved on to a later tick by one copy: the others run into its `_id`. */
async function take(__PARAMETERS__job: string, tick: string): Promise<boolean> {
  const ticks = __CLIENT__.collection<{ _id: string; tick: string }>("scheduled_ticks");
  try {
    await ticks.updateOne({ _id: job, tick: { $lt: tick } }, { $set: { tick } }, { upsert: true });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === 11000) return false;
    throw error;
  }
}
// @end
// @if postgres

/** One row per job, moved on to a later tick by one copy alone. */
async function take(__PARAMETERS__job: string, tick: string): Promise<boolean> {
  await prepared(__ARGUMENT__);
  // @if prisma
  const rows = await __CLIENT__.$queryRaw<unknown[]>`
    insert into scheduler.ticks as last (job, tick) values (${job}, ${tick})
    on conflict (job) do update set tick = excluded.tick where last.tick < excluded.tick
    returning job`;
  return rows.length > 0;
  // @end
  // @if drizzle
  const claimed = await __CLIENT__.execute(sql`
    insert into scheduler.ticks as last (job, tick) values (${job}, ${tick})
    on conflict (job) do update set tick = excluded.tick where last.tick < excluded.tick
    returning job`);
  // @if rowsInside
  return claimed.rows.length > 0;
  // @end
  // @if !rowsInside
  return claimed.length > 0;
  // @end
  // @end
  // @if pg
  const { rows } = await __CLIENT__.query(
    `insert into scheduler.ticks as last (job, tick) values ($1, $2)
     on conflict (job) do update set tick = excluded.tick where last.tick < excluded.tick
     returning job`,
    [job, tick],
  );
  return rows.length > 0;
  // @end
  // @if typeorm
  const rows = await __CLIENT__.query(
    `insert into scheduler.ticks as last (job, tick) values ($1, $2)
     on conflict (job) do update set tick = excluded.tick where last.tick < excluded.tick
     returning job`,
    [job, tick],
  );
  return Array.isArray(rows) && rows.length > 0;
  // @end
}

let preparing: Promise<void> | null = null;

/** In a schema of its own, where tools that compare the tables with the code do not look. */
function prepared(__PARAMETER__): Promise<void> {
  preparing ??= prepare(__ARGUMENT__).catch((error: unknown) => {
    preparing = null;
    throw error;
  });
  return preparing;
}

/** The lock keeps two copies from making it at once. A tick is its time in ISO form. */
async function prepare(__PARAMETER__): Promise<void> {
  // @if prisma
  await __CLIENT__.$executeRaw`
    do $$ begin
      perform pg_advisory_xact_lock(hashtext('scheduler.ticks'));
      create schema if not exists scheduler;
      create table if not exists scheduler.ticks (job text primary key, tick text not null);
    end $$`;
  // @end
  // @if drizzle
  await __CLIENT__.execute(sql`
    do $$ begin
      perform pg_advisory_xact_lock(hashtext('scheduler.ticks'));
      create schema if not exists scheduler;
      create table if not exists scheduler.ticks (job text primary key, tick text not null);
    end $$`);
  // @end
  // @if pgOrTypeorm
  await __CLIENT__.query(`
    do $$ begin
      perform pg_advisory_xact_lock(hashtext('scheduler.ticks'));
      create schema if not exists scheduler;
      create table if not exists scheduler.ticks (job text primary key, tick text not null);
    end $$`);
  // @end
}
// @end
