/** Reads from what a test runner printed how many tests passed and which failed. */
import { stripVTControlCharacters } from "node:util";

export interface Count {
  passed: number;
  failed: number;
}

/** One runner's closing line: how the two numbers stand in it. */
interface Closing {
  runner: string;
  passed: RegExp;
  failed: RegExp;
}

/** In this order: a runner that prints another's words is tried first. */
const closings: readonly Closing[] = [
  { runner: "vitest", passed: /^\s*Tests\s.*?(\d+) passed/gm, failed: /^\s*Tests\s.*?(\d+) failed/gm },
  { runner: "jest", passed: /^Tests:.*?(\d+) passed/gm, failed: /^Tests:.*?(\d+) failed/gm },
  { runner: "node", passed: /^(?:ℹ|#) pass (\d+)/gm, failed: /^(?:ℹ|#) fail (\d+)/gm },
  { runner: "tap", passed: /^# \{.*?pass: (\d+)/gm, failed: /^# \{.*?fail: (\d+)/gm },
  { runner: "mocha", passed: /^\s+(\d+) passing/gm, failed: /^\s+(\d+) failing/gm },
  { runner: "ava", passed: /^\s*(\d+) tests? passed/gm, failed: /^\s*(\d+) tests? failed/gm },
  {
    runner: "tap's own reporter",
    passed: /^Asserts:\s+(?:\d+ failed, )?(\d+) passed/gm,
    failed: /^Asserts:\s+(\d+) failed/gm,
  },
];

function sum(text: string, pattern: RegExp): number | null {
  const hits = [...text.matchAll(pattern)];
  return hits.length === 0 ? null : hits.reduce((total, [, number]) => total + Number(number), 0);
}

/** How many tests passed and failed, over all runs in the text; null where no runner is recognised. */
export function counted(printed: string): Count | null {
  const text = stripVTControlCharacters(printed);
  for (const closing of closings) {
    const passed = sum(text, closing.passed);
    const failed = sum(text, closing.failed);
    if (passed !== null || failed !== null) return { passed: passed ?? 0, failed: failed ?? 0 };
  }
  return null;
}

const failing = /^\s*(?:✕|×|✖|✗|❌|FAIL|not ok|●)\s+(.+)$/;
const varying = /\s*\(?\b\d+(?:\.\d+)? ?m?s\b\)?|^\d+\s*-?\s*|# time=.*$/g;

/** What is said to fail, without the times: to be compared with another run. */
export function failures(printed: string): Set<string> {
  const lines = stripVTControlCharacters(printed).split("\n");
  return new Set(lines.flatMap((line) => failing.exec(line)?.[1]?.replace(varying, "").trim() ?? []));
}

/** Errors that the TypeScript compiler reports, without their places: lines move. */
export function typeErrors(printed: string): string[] {
  return [...stripVTControlCharacters(printed).matchAll(/^(.+?)[(:]\d+[,:]\d+\)?(?: -|:) error (TS\d+: .+)$/gm)].map(
    ([, file, error]) => `${file} ${error}`,
  );
}
