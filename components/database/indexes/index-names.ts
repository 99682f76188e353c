/** What an index is called, and what a migration that makes it is called: by the rules of the tools that will look for it. */
import { createHash } from "node:crypto";

/** Longest names that the databases keep, in bytes; Prisma cuts to the same lengths (its connectors' `max_identifier_length`). */
const longest = { postgres: 63, mysql: 64, sqlite: 10_000, mongodb: 127 } as const;

/** `Order_buyerId_idx`, cut as Prisma does: the ending always stays. */
export function plainIndexName(table: string, columns: readonly string[], engine: keyof typeof longest): string {
  return `${cut([table, ...columns].join("_"), longest[engine] - "_idx".length)}_idx`;
}

/** No character is cut in two. */
function cut(name: string, bytes: number): string {
  const coded = new TextEncoder().encode(name);
  return coded.length <= bytes ? name : new TextDecoder().decode(coded.slice(0, bytes)).replace(/\uFFFD$/, "");
}

/** `IDX_` and the first 26 digits of a hash, as TypeORM's `DefaultNamingStrategy.indexName` makes them. */
export function typeormIndexName(table: string, columns: readonly string[]): string {
  const key = [table, ...columns.toSorted()].join("_");
  return `IDX_${createHash("sha1").update(key).digest("hex").slice(0, 26)}`;
}

/** What sorts right behind the last migration: `20250102030405` + 1 second, `007` + 1. Null for numbers of another kind. */
export function numberAfter(last: string): string | null {
  if (/^\d{14}$/.test(last)) return secondAfter(last);
  if (/^\d{13}$/.test(last)) return String(Number(last) + 1000);
  if (!/^\d{1,6}$/.test(last)) return null;
  const next = String(Number(last) + 1).padStart(last.length, "0");
  return next.length > last.length ? null : next;
}

function secondAfter(stamp: string): string | null {
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/.exec(stamp)?.map(Number) ?? [];
  const time = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, (second ?? 0) + 1);
  const next = Number.isNaN(time) ? null : new Date(time).toISOString().replaceAll(/\D/g, "").slice(0, 14);
  // Numbers that only look like a time, such as a 99th second, might sort elsewhere.
  return next !== null && next > stamp ? next : null;
}

/** What a migration is called: by the index that it makes, or by nothing but its purpose where there are several. */
export function migrationWords(indexes: readonly { table: string; column: string }[]): string {
  const [only, ...others] = indexes;
  return only === undefined || others.length > 0 ? "add_indexes" : `index_${fileWords(only.table, only.column)}`;
}

/** `order_items_order_id` for `OrderItem.orderId`: what a file may be called. */
export function fileWords(...names: readonly string[]): string {
  return names
    .map((name) => name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/\W+/g, "_"))
    .join("_")
    .toLowerCase();
}
