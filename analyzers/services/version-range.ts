/** What a version range says at its beginning. */

/** The major of `^5.1.0`, `5.x`, `>=5`; NaN for a range without digits (`latest`, `*`) and for none at all. */
export function majorOf(range: string | null | undefined): number {
  return Number(/\d+/.exec(range ?? "")?.[0] ?? Number.NaN);
}
