/** How carefully a patch of this component is to be read, by what is in it. */
import type { Review } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

/** What to look at, by rule; the first one that occurs leads. */
const words: readonly (readonly [string, string])[] = [
  [
    "database/non-atomic-multi-write",
    "Writes stand in one transaction now, and all of them go when one fails: check that none was meant to stay.",
  ],
  [
    "database/unbounded-page-size",
    "Who asked for more rows than the bound in one go gets fewer from now on: look who reads these lists.",
  ],
  [
    "database/race-on-shared-row",
    "Numbers are changed by the database and not by the app any more: check what is done with a row's old value.",
  ],
  [
    "database/n-plus-one",
    "Rows are fetched for all items at once, before the loop that uses them: check what it gives.",
  ],
  [
    "database/unpaginated-list",
    "Lists end after a thousand rows: look who reads them, and whether somebody needs all of them at once.",
  ],
  [
    "database/no-pool-limits",
    "Requests that find no free connection fail after five seconds: check that none is meant to wait longer.",
  ],
  ["database/write-not-awaited", "Requests wait for writes now, and hear of those that fail: check that they should."],
];

/** So many can be looked at one by one: an index that is right may still cost more on a table's writes than it gives. */
const few = 10;

export function reviewOf(indexes: number, mended: readonly Finding[]): Review {
  const rules = new Set(mended.map(({ rule }) => rule));
  const said = words.flatMap(([rule, reason]) => (rules.has(rule) ? [reason] : []));
  if (said.length > 0) return { level: "read", reason: said.join(" ") };
  const reason =
    "Adds indexes and changes nothing else: the same queries give the same rows, and an index can be dropped again.";
  return indexes <= few
    ? { level: "glance", reason }
    : { level: "read", reason: `${reason} Each costs a little with every write to its table: look through the list.` };
}
