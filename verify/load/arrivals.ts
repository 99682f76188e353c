/** When the arrivals of an open load come: a fixed rate, without the beat of a metronome. */

/**
 * Milliseconds from the start, one more at each call, in order: every slot of `1 / perSecond` has one arrival somewhere
 * in it. Loads that keep exact time beside each other fall into step with a balancer's round robin, and then one replica
 * gets all of one kind. The same `seed` gives the same times, so both sides of a comparison see the same arrivals.
 */
export function arrivalTimes(perSecond: number, seed: string): () => number {
  const next = random(seed);
  let slot = 0;
  return () => ((slot++ + next()) * 1000) / perSecond;
}

/** Numbers from 0 up to 1 by mulberry32, seeded by an FNV-1a hash: small and the same everywhere; chance of no account. */
function random(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
