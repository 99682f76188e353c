/** What was found out about values, remembered: each question is looked into once, cycles end, and work is bounded. */
import { NONE, type Memo, type Tokens } from "./token.ts";

export interface Memory {
  /** Set when the value just looked into rests on what is known of callers so far. */
  tainted: boolean;
  /**
   * Looks and remembers. What is met again while it is being looked into gives what was found so far, so that cycles end;
   * it is looked into again as long as that finds more. What was found on the way is not final and is not remembered.
   */
  remember: <Key>(memo: Map<Key, Memo>, key: Key, look: () => Tokens) => Tokens;
  /** Drops what rested on callers. */
  forgetTainted: () => void;
  /** Says that no more will be known of callers: what rests on them is final from now on. */
  settle: () => void;
}

/** Expressions nested deeper than this (generated code) are unknown. */
const MAX_DEPTH = 120;
/** One question may look into so many values; what needs more is unknown. */
const MAX_STEPS = 4_000;
/** Values met again while they were looked into; beyond this many, the first answer stays. */
const MAX_CUTS = 5_000;
/** A cycle is gone round so often at most. */
const MAX_AGAIN = 4;

export function createMemory(): Memory {
  let depth = 0;
  let steps = 0;
  let cuts = 0;
  /** Lowest depth of a value in progress that something met again: what lies above it is not final. */
  let cut = Infinity;
  let forget: (() => void)[] = [];
  let isSettled = false;
  const memory: Memory = { tainted: false, remember, forgetTainted, settle };
  return memory;

  function settle(): void {
    forget = [];
    isSettled = true;
  }

  function forgetTainted(): void {
    for (const drop of forget) drop();
    forget = [];
  }

  function remember<Key>(memo: Map<Key, Memo>, key: Key, look: () => Tokens): Tokens {
    const known = memo.get(key);
    if (known !== undefined) {
      if (known.pending >= 0) cut = Math.min(cut, known.pending);
      if (known.tainted) memory.tainted = true;
      return known.tokens;
    }
    if (depth === 0) steps = 0;
    steps += 1;
    if (depth >= MAX_DEPTH || steps > MAX_STEPS) return NONE;
    const entry: Memo = { tokens: NONE, tainted: false, pending: depth };
    memo.set(key, entry);
    const outer = { tainted: memory.tainted, cut };
    memory.tainted = false;
    cut = Infinity;
    depth += 1;
    entry.tokens = look();
    for (let again = 0; cut === entry.pending && again < MAX_AGAIN; again += 1) {
      cut = Infinity;
      const more = look();
      if (more.length === entry.tokens.length) break;
      entry.tokens = more;
    }
    depth -= 1;
    entry.tainted = memory.tainted;
    entry.pending = -1;
    if (cut < depth && (cuts += 1) < MAX_CUTS) memo.delete(key);
    else if (entry.tainted && !isSettled) forget.push(() => memo.delete(key));
    memory.tainted = outer.tainted || entry.tainted;
    cut = Math.min(outer.cut, cut < depth ? cut : Infinity);
    return entry.tokens;
  }
}
