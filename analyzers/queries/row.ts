/** How one library's queries are found and read: a row of data and a function. */
import type { Chain } from "./chain.ts";
import type { Dialect, Reading } from "./query.ts";

export interface Row {
  dialect: Dialect;
  /** Packages whose apis are looked at. */
  packages: readonly string[];
  /** The apis with which a query begins. */
  starts: RegExp;
  /** What belongs to a query besides the chain that it begins with; null when it is never asked. */
  extend?: (chain: Chain) => Chain | null;
  /** Null when it is none after all. */
  read(chain: Chain): Reading | null;
}
