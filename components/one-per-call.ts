/** One call is one finding, also where it may be one of several clients (`secure ? https : http`). */
import type { Match } from "./finding.ts";

/** The first match of each rule for a call; matches about no call stay. */
export function onePerCall(matches: readonly Match[]): Match[] {
  const seen = new Set<string>();
  return matches.filter(({ rule, call }) => {
    const key = JSON.stringify([rule, call]);
    if (call === null || !seen.has(key)) {
      seen.add(key);
      return true;
    }
    return false;
  });
}
