/** What test runners print, and what is read from it. */
import { describe, expect, it } from "vitest";
import { counted, failures, typeErrors } from "./counts.ts";

describe("counted", () => {
  it.each([
    ["vitest", " Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 21 passed | 1 skipped (24)\n", 21, 2],
    [
      "vitest in colour",
      "\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m12 passed\u001b[39m\u001b[22m (12)\n",
      12,
      0,
    ],
    [
      "jest",
      "Test Suites: 2 failed, 9 passed, 11 total\nTests:       3 failed, 1 skipped, 90 passed, 94 total\n",
      90,
      3,
    ],
    ["node:test", "ℹ tests 5\nℹ pass 4\nℹ fail 1\n", 4, 1],
    ["mocha", "\n  12 passing (80ms)\n  1 failing\n", 12, 1],
    ["two runs of one command", "ℹ pass 4\nℹ fail 0\nℹ pass 3\nℹ fail 1\n", 7, 1],
  ])("%s", (_, text, passed, failed) => {
    expect(counted(text)).toEqual({ passed, failed });
  });

  it("says nothing where no runner is recognised", () => {
    expect(counted("compiled 3 tests passed to the linker\n")).toBeNull();
  });
});

describe("failures", () => {
  it("are the same with another duration, and other ones are new", () => {
    const before = failures("  ✕ logs in (12 ms)\n  ✓ logs out (3 ms)\nnot ok 3 - pays # time=8ms\n");
    expect([...before]).toEqual(["logs in", "pays"]);
    expect(failures("  ✕ logs in (1 ms)\nnot ok 4 - pays # time=90ms\n")).toEqual(before);
  });
});

describe("typeErrors", () => {
  it("leave out the places, since lines move", () => {
    const printed = "src/a.ts(3,7): error TS2322: Not so.\nsrc/b.ts:4:1 - error TS1005: ';' expected.\n";
    expect(typeErrors(printed)).toEqual(["src/a.ts TS2322: Not so.", "src/b.ts TS1005: ';' expected."]);
  });
});
