/** Replacing stretches of a text, several at once: the one operation under every source edit. */

export interface Replacement {
  start: number;
  end: number;
  text: string;
}

/** Two replacements that want the same characters. */
export interface Overlap {
  first: Replacement;
  second: Replacement;
}

/**
 * Applies all replacements to the text they were measured on. Insertions at one place keep their order and stand before
 * a replacement that starts there; identical ones count once.
 */
export function splice(text: string, replacements: readonly Replacement[]): string | Overlap {
  const ordered = distinct(replacements).sort((a, b) => a.start - b.start || length(a) - length(b));
  const parts: string[] = [];
  let at = 0;
  let previous: Replacement | null = null;
  for (const next of ordered) {
    if (previous !== null && (next.start < at || (next.start === previous.start && length(previous) > 0))) {
      return { first: previous, second: next };
    }
    parts.push(text.slice(at, next.start), next.text);
    at = next.end;
    previous = next;
  }
  return parts.join("") + text.slice(at);
}

/** {@link splice} for replacements that cannot overlap by construction. Throws when they do: that is our bug. */
export function spliced(text: string, replacements: readonly Replacement[]): string {
  const outcome = splice(text, replacements);
  if (typeof outcome === "string") return outcome;
  const { first, second } = outcome;
  throw new Error(`Replacements overlap: ${first.start}-${first.end} and ${second.start}-${second.end}`);
}

/** All insertions order by their place alone, so that every zero-length one sorts alike. */
function length(replacement: Replacement): number {
  return Math.min(replacement.end - replacement.start, 1);
}

function distinct(replacements: readonly Replacement[]): Replacement[] {
  const seen = new Map<string, Replacement>();
  for (const replacement of replacements) {
    const key = JSON.stringify([replacement.start, replacement.end, replacement.text]);
    if (!seen.has(key)) seen.set(key, replacement);
  }
  return [...seen.values()];
}
