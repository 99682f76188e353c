/** Patches: identity, counts, and the promise that nothing broken leaves the pen. */
import { describe, expect, it } from "vitest";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import type { Edit } from "./edit.ts";
import { BrokenPatchError, makePatch, syntaxProblem } from "./patch.ts";
import type { Making, PatchWish } from "./patch.ts";

function made(files: Record<string, string>, edits: Edit[], wish: Partial<PatchWish> = {}): Making {
  const base = { component: "queue", title: "Queue", fixes: ["F1"], briefs: [], services: [], env: [], notes: [] };
  return makePatch(memoryRepo(files), { ...base, review: { level: "read", reason: "why" }, edits, ...wish });
}

const insert = (file: string, text: string): Edit => ({ kind: "replace", file, start: 0, end: 0, text });

describe("makePatch", () => {
  it("describes both sides of every file, and gives the tree behind it", () => {
    const making = made({ "a.ts": "const a = 1;\n", "b.ts": "" }, [
      insert("a.ts", "run();\n"),
      { kind: "create", file: "src/c.ts", text: "run();\n" },
    ]);
    expect(making).toMatchObject({
      kind: "patch",
      patch: {
        component: "queue",
        findings: ["F1"],
        files: [
          { path: "a.ts", before: "const a = 1;\n", after: "run();\nconst a = 1;\n", added: 1, removed: 0 },
          { path: "src/c.ts", before: null, after: "run();\n", added: 1, removed: 0 },
        ],
        diff: expect.stringContaining("+++ b/src/c.ts\n@@ -0,0 +1 @@\n+run();\n"),
      },
      after: { files: ["a.ts", "b.ts", "src/c.ts"] },
    });
  });

  it("has an id that depends on component and change alone", () => {
    const id = (text: string, wish: Partial<PatchWish> = {}): string => {
      const making = made({ "a.ts": "" }, [insert("a.ts", text)], wish);
      return making.kind === "patch" ? making.patch.id : "";
    };
    expect(id("a();\n")).toMatch(/^[0-9a-f]{12}$/);
    expect(id("a();\n")).toBe(id("a();\n", { title: "Other", notes: ["x"] }));
    expect(new Set([id("a();\n"), id("b();\n"), id("a();\n", { component: "cache" })]).size).toBe(3);
  });

  it("says nothing and conflict as they are", () => {
    expect(made({ "a.ts": "a" }, [])).toEqual({ kind: "nothing" });
    expect(made({}, [insert("a.ts", "a")])).toMatchObject({ kind: "conflict" });
  });

  it.each<[string, string, string]>([
    ["a.ts", "", "const a = ;\n"],
    ["a.js", "", "const a: number = 1;\n"],
    ["a.tsx", "", "const a = <div>;\n"],
    ["a.json", "{}", "x"],
    ["a.yml", "a: 1\n", "b: [\n"],
  ])("throws when %s would not parse any more", (file, before, text) => {
    expect(() => made({ [file]: before }, [insert(file, text)])).toThrow(BrokenPatchError);
  });

  it("leaves a file alone that was broken before", () => {
    expect(made({ "a.ts": "const = 1;\n" }, [insert("a.ts", "run();\n")])).toMatchObject({ kind: "patch" });
  });
});

describe("syntaxProblem", () => {
  it.each<[string, string, string | null]>([
    ["a.ts", "const a = <T,>(b: T) => b;\nenum C { d }\n", null],
    ["a.js", "const a = <div>{b}</div>;\nexport default a;\n", null],
    ["a.cjs", "return;\n", null],
    ["a.mjs", "await a();\n", null],
    ["a.ts", "@Injectable()\nclass A { constructor(@Inject(B) private b: B) {} }\n", null],
    ["a.ts", "a(\n", "line 2: ')' expected."],
    ["a.json", '{ // fine\n "a": 1,\n}', null],
    ["a.yaml", "a: 1\n---\nb: 2\n", null],
    ["a.txt", "((((", null],
  ])("%s %j", (file, text, wanted) => {
    expect(syntaxProblem(file, text)).toBe(wanted);
  });
});
