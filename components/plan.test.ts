/** Plans: order, composition, subsets, and what one component's trouble does to the others. */
import { describe, expect, it } from "vitest";
import { analyze } from "../analyzers/index.ts";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import type { Edit } from "../patches/edit.ts";
import type { Component, Draft } from "./component.ts";
import { judge } from "./findings.ts";
import { patchFor, planHardening } from "./plan.ts";
import type { Plan } from "./plan.ts";

const app = { "package.json": '{\n  "name": "app"\n}\n', "a.ts": "start();\n" };

/** A component that finds itself missing from a.ts and writes its name at the end of it. */
function writer(id: string, draft: (text: string) => Partial<Draft> = () => ({})): Component {
  return {
    id,
    title: id,
    folder: import.meta.dirname,
    rules: [{ id: `${id}/missing`, title: "Missing", severity: "warning", advice: "Add it." }],
    services: [],
    presence: () => ({ status: "absent", evidence: [] }),
    detect: ({ repo }) => {
      if (repo.read("a.ts")?.includes(`${id}()`)) return [];
      const nothing = { also: [], routes: [], path: [], call: null };
      return [
        {
          rule: `${id}/missing`,
          file: "a.ts",
          line: 1,
          confidence: "high",
          message: "Missing.",
          anchor: id,
          fix: "patch",
          ...nothing,
        },
      ];
    },
    whenQuiet: () => ({ verdict: "not_applicable", reason: "None.", tripWire: null }),
    recipe: (findings, { repo }) => {
      const text = repo.read("a.ts") ?? "";
      const edits: Edit[] = [
        {
          kind: "replace",
          file: "a.ts",
          start: text.length,
          end: text.length,
          text: `${id.replace("-", "")}(); // ${id}()\n`,
        },
      ];
      return {
        edits,
        briefs: [],
        fixes: findings.map((finding) => finding.id),
        review: { level: "glance", reason: "" },
        services: [],
        env: [],
        notes: [],
        ...draft(text),
      };
    },
    experiments: [],
  };
}

const registry = [writer("containers"), writer("zoo"), writer("queue"), writer("ci-cd")];
const outcomes = (plan: Plan): string[] => plan.steps.map(({ component, outcome }) => `${component}: ${outcome.kind}`);

describe("planHardening", () => {
  it("orders the steps, and each works on the tree of the ones before", async () => {
    const plan = await planHardening(memoryRepo(app), { registry, cacheFolder: null });
    expect(outcomes(plan)).toEqual(["ci-cd: patch", "queue: patch", "containers: patch", "zoo: patch"]);
    expect(plan.after.read("a.ts")).toBe(
      "start();\ncicd(); // ci-cd()\nqueue(); // queue()\ncontainers(); // containers()\nzoo(); // zoo()\n",
    );
    expect(plan.steps.every(({ reason }) => reason.endsWith("."))).toBe(true);
  });

  it("calls findings what an assessment of the tree calls them", async () => {
    const repo = memoryRepo(app);
    const assessed = judge(await analyze(repo, { cacheFolder: null }), registry).findings;
    const plan = await planHardening(repo, { registry, cacheFolder: null });
    const planned = plan.steps.flatMap(({ findings }) => findings.map(({ rule, id }) => `${rule} ${id}`));
    expect(planned.toSorted()).toEqual(assessed.map(({ rule, id }) => `${rule} ${id}`).toSorted());
    const cured = plan.steps.flatMap(({ outcome }) => (outcome.kind === "patch" ? outcome.patch.findings : []));
    expect(cured.toSorted()).toEqual(["F1", "F2", "F3", "F4"]);
  });

  it("is the same plan for the same tree, another one for another", async () => {
    const plan = await planHardening(memoryRepo(app), { registry, cacheFolder: null });
    expect((await planHardening(memoryRepo(app), { registry, cacheFolder: null })).id).toBe(plan.id);
    const other = await planHardening(memoryRepo({ ...app, "b.ts": "" }), { registry, cacheFolder: null });
    expect([other.id === plan.id, other.base === plan.base]).toEqual([false, false]);
  });

  it("changes nothing on its own outcome", async () => {
    const plan = await planHardening(memoryRepo(app), { registry, cacheFolder: null });
    expect(outcomes(await planHardening(plan.after, { registry, cacheFolder: null }))).toEqual([
      "ci-cd: nothing",
      "queue: nothing",
      "containers: nothing",
      "zoo: nothing",
    ]);
  });

  it.each([
    [["queue", "zoo"], undefined, ["queue: patch", "zoo: patch"]],
    [undefined, ["zoo/missing"], ["ci-cd: nothing", "queue: nothing", "containers: nothing", "zoo: patch"]],
    [undefined, ["F2"], ["ci-cd: nothing", "queue: nothing", "containers: patch", "zoo: nothing"]],
  ])("composes any subset: components %j, findings %j", async (components, findings, wanted) => {
    const plan = await planHardening(memoryRepo(app), {
      registry,
      cacheFolder: null,
      ...(components && { components }),
      ...(findings && { findings }),
    });
    expect(outcomes(plan)).toEqual(wanted);
  });

  it("goes on past a conflict, an exception and a broken patch, which become those steps' outcomes", async () => {
    const trouble = [
      writer("ci-cd", () => ({ edits: [{ kind: "create", file: "a.ts", text: "other" }] })),
      writer("queue", () => {
        throw new Error("lost the thread");
      }),
      writer("containers", () => ({ edits: [{ kind: "create", file: "b.ts", text: "const = 1" }] })),
      writer("zoo"),
    ];
    const plan = await planHardening(memoryRepo(app), { registry: trouble, cacheFolder: null });
    expect(plan.steps.map(({ outcome }) => outcome)).toMatchObject([
      { kind: "conflict", conflicts: [{ file: "a.ts", reason: "a different file is already there" }] },
      { kind: "nothing", reason: "The recipe failed, which is our fault, not the app's: lost the thread" },
      { kind: "nothing", reason: expect.stringContaining("The containers patch would break b.ts: line 1") },
      { kind: "patch" },
    ]);
    expect(plan.after.read("a.ts")).toBe("start();\nzoo(); // zoo()\n");
  });

  it("collects briefs where no patch can be made", async () => {
    const brief = {
      findingId: "F1",
      where: { file: "a.ts", line: 1 },
      why: "Why.",
      constraints: [],
      acceptance: "It runs.",
    };
    const plan = await planHardening(memoryRepo(app), {
      registry: [writer("zoo", () => ({ edits: [], briefs: [brief] }))],
      cacheFolder: null,
    });
    expect(plan.briefs).toEqual([brief]);
    expect(plan.steps).toMatchObject([
      { outcome: { kind: "nothing", reason: expect.stringContaining("briefs") }, briefs: [brief] },
    ]);
  });
});

describe("patchFor", () => {
  it("is one component alone on the tree as it is", async () => {
    expect(await patchFor(memoryRepo(app), "queue", { registry, cacheFolder: null })).toMatchObject({
      component: "queue",
      outcome: { kind: "patch", patch: { files: [{ path: "a.ts", added: 1, removed: 0 }] } },
    });
    expect(await patchFor(memoryRepo(app), "nothing-like-that", { registry, cacheFolder: null })).toBeNull();
  });
});
