/** The baseline: what it knows is suppressed, what is new is not, and a broken one is said. */
import { describe, expect, it } from "vitest";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import { baselineFile, baselineOf, readBaseline } from "./baseline.ts";

const rows = [
  { fingerprint: "bb", rule: "queue/mail-in-request", file: "b.ts" },
  { fingerprint: "aa", rule: "cache/slow", file: "b.ts" },
  { fingerprint: "cc", rule: "queue/mail-in-request", file: "a.ts" },
];

function read(text: string): ReturnType<typeof readBaseline> {
  return readBaseline(memoryRepo({ [baselineFile]: text }));
}

describe("baseline", () => {
  it("knows what was written into it", () => {
    expect(read(baselineOf(rows))).toEqual({ known: new Set(["aa", "bb", "cc"]), problem: null });
    expect(read(baselineOf([]))).toEqual({ known: new Set(), problem: null });
  });

  it("has one line for each finding, the same for the same findings", () => {
    const text = baselineOf(rows);
    expect(text).toBe(baselineOf(rows.toReversed()));
    expect(text.split("\n").filter((line) => line.includes("fingerprint"))).toHaveLength(3);
    expect(text).toMatch(/slow.*\n.*a\.ts.*\n.*b\.ts/);
  });

  it.each(["", "[]", "{", '{"schemaVersion":2,"findings":[]}', '{"schemaVersion":1,"findings":[{"fingerprint":""}]}'])(
    "knows nothing and says so for %j",
    (text) => {
      expect(read(text)).toEqual({ known: new Set(), problem: expect.stringContaining("--write-baseline") });
    },
  );

  it("is no problem where there is none", () => {
    expect(readBaseline(memoryRepo({}))).toEqual({ known: new Set(), problem: null });
  });
});
