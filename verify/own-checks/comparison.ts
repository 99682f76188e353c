/** What a check of the app's own says of both sides. */

export type Comparison =
  | { kind: "as-before"; note: string }
  | { kind: "worse"; why: string; log: readonly string[] }
  /** There is nothing to compare, or nothing that could be run. */
  | { kind: "none"; why: string };
