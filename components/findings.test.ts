/** The engine behind the components: identity, rank, suppression, failure, verdicts. */
import { describe, expect, it } from "vitest";
import { analyze } from "../analyzers/index.ts";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import { statuses } from "./assess.ts";
import { baselineFile, baselineOf } from "./baseline.ts";
import type { Component } from "./component.ts";
import type { Match } from "./finding.ts";
import { findings, judge } from "./findings.ts";
import type { Judgement } from "./findings.ts";

const app = {
  "package.json": '{ "name": "app" }\n',
  "a.ts":
    "one();\ntwo();\n// shoreup-ignore cache/slow -- measured, it is fast\nthree();\nfour(); // shoreup-ignore cache/slow, cache/cold\n",
};

function match(rule: string, line: number, more: Partial<Match> = {}): Match {
  const nothing = { also: [], routes: [], path: [], call: null };
  return {
    rule,
    file: "a.ts",
    line,
    confidence: "high",
    message: "It is slow.",
    anchor: "f",
    fix: "brief",
    ...nothing,
    ...more,
  };
}

function cache(matches: () => Match[], more: Partial<Component> = {}): Component {
  return {
    id: "cache",
    title: "Cache",
    folder: import.meta.dirname,
    rules: [
      { id: "cache/slow", title: "Slow", severity: "warning", advice: "Cache it." },
      { id: "cache/cold", title: "Cold", severity: "error", advice: "Warm it." },
    ],
    services: [],
    presence: () => ({ status: "absent", evidence: [] }),
    detect: matches,
    whenQuiet: () => ({
      verdict: "not_yet",
      reason: "Nothing is slow.",
      tripWire: "p95 above 500 ms in the access log",
    }),
    experiments: [],
    ...more,
  };
}

async function judged(matches: () => Match[], files: Record<string, string> = app): Promise<Judgement> {
  return judge(await analyze(memoryRepo(files), { cacheFolder: null }), [cache(matches)]);
}

const prints = ({ findings, hidden }: Judgement): string[] =>
  [...findings, ...hidden].map(({ fingerprint }) => fingerprint);

describe("identity", () => {
  it("survives moved lines and renamed files", async () => {
    const before = await judged(() => [
      match("cache/slow", 1),
      match("cache/slow", 2),
      match("cache/slow", 1, { anchor: "g" }),
    ]);
    const after = await judged(() =>
      [match("cache/slow", 8), match("cache/slow", 9), match("cache/slow", 8, { anchor: "g" })].map((moved) => ({
        ...moved,
        file: "b.ts",
      })),
    );
    expect(new Set(prints(before)).size).toBe(3);
    expect(prints(after)).toEqual(prints(before));
  });

  it("counts what is said twice of one place once", async () => {
    expect((await judged(() => [match("cache/slow", 1), match("cache/slow", 1)])).findings).toHaveLength(1);
  });
});

describe("rank", () => {
  it("goes by severity, confidence, routes and place, and numbers what is shown first", async () => {
    const { findings, hidden } = await judged(() => [
      match("cache/slow", 2, { anchor: "low", confidence: "low" }),
      match("cache/cold", 2, { anchor: "low error", confidence: "low" }),
      match("cache/slow", 2, { anchor: "second line" }),
      match("cache/slow", 1, { anchor: "first line" }),
      match("cache/slow", 2, { anchor: "medium", confidence: "medium" }),
      match("cache/slow", 2, { anchor: "routes", routes: ["GET /a", "GET /b"] }),
      match("cache/cold", 2, { anchor: "error" }),
    ]);
    expect(findings.map(({ id, anchor }) => [id, anchor])).toEqual([
      ["F1", "error"],
      ["F2", "routes"],
      ["F3", "first line"],
      ["F4", "second line"],
      ["F5", "medium"],
    ]);
    expect(hidden.map(({ id, anchor }) => [id, anchor])).toEqual([
      ["F6", "low error"],
      ["F7", "low"],
    ]);
  });
});

describe("baseline", () => {
  it("hides what it knows, and nothing that came since", async () => {
    const [old] = (await judged(() => [match("cache/slow", 1)])).findings;
    const files = { ...app, [baselineFile]: baselineOf(old === undefined ? [] : [old]) };
    const both = (): Match[] => [match("cache/slow", 2), match("cache/cold", 1)];
    const { findings, suppressed } = await judged(both, files);
    expect(findings.map(({ rule }) => rule)).toEqual(["cache/cold"]);
    expect(suppressed).toMatchObject([{ finding: { line: 2 }, reason: "known in shoreup.baseline.json" }]);
  });

  it("counts for nothing when it cannot be read, and says so", async () => {
    const { findings, problems } = await judged(() => [match("cache/slow", 1)], { ...app, [baselineFile]: "{" });
    expect(findings).toHaveLength(1);
    expect(problems).toMatchObject([{ component: "baseline", place: { file: baselineFile } }]);
  });
});

describe("suppression", () => {
  it("counts on the line and from the line above, with a reason only, and for its rule only", async () => {
    const { findings, suppressed, problems } = await judged(() => [
      match("cache/slow", 4),
      match("cache/cold", 4),
      match("cache/slow", 5),
      match("cache/slow", 6),
    ]);
    expect(suppressed.map(({ finding, reason }) => [finding.line, reason])).toEqual([[4, "measured, it is fast"]]);
    expect(findings.map(({ rule, line }) => `${rule}:${line}`)).toEqual([
      "cache/cold:4",
      "cache/slow:5",
      "cache/slow:6",
    ]);
    expect(problems.map(({ message }) => message)).toEqual([
      "The suppression of cache/slow at a.ts:5 does not count: add `-- reason` behind the rule.",
    ]);
  });

  it.each([
    ["# shoreup-ignore cache/slow -- why\nx", 2],
    ["/* shoreup-ignore cache/slow -- why */\nx", 2],
    [" * shoreup-ignore cache/slow -- why\nx", 2],
    ["<!-- shoreup-ignore cache/slow -- why -->\nx", 2],
    ["-- shoreup-ignore cache/slow -- why\nx", 2],
    ["x {/* shoreup-ignore cache/slow -- why */}", 1],
    ["x // shoreup-ignore cache/cold, cache/slow -- why", 1],
  ])("is read from %j", async (text, line) => {
    expect((await judged(() => [match("cache/slow", line)], { "a.ts": text })).suppressed).toMatchObject([
      { reason: "why" },
    ]);
  });

  it.each([
    ["x // shoreup-ignore cache/slow -- why\ny", 2],
    ['f("shoreup-ignore cache/slow -- why")', 1],
    ["// shoreup-ignore cache/slower -- why\nx", 2],
    ["// shoreup-ignore cache/slow -- why\n\nx", 3],
  ])("is not read from %j for line %i", async (text, line) => {
    expect((await judged(() => [match("cache/slow", line)], { "a.ts": text })).findings).toHaveLength(1);
  });
});

describe("failure", () => {
  it("of one detector is said and leaves the others alone", async () => {
    const model = await analyze(memoryRepo(app), { cacheFolder: null });
    const broken = cache(
      () => {
        throw new Error("no such thing");
      },
      { id: "queue" },
    );
    const judgement = judge(model, [broken, cache(() => [match("cache/slow", 1), match("cache/unknown", 1)])]);
    expect(judgement.findings.map(({ rule }) => rule)).toEqual(["cache/slow"]);
    expect(judgement.problems.map(({ component, message }) => [component, message])).toEqual([
      ["queue", "The queue detector failed, its findings are missing: no such thing"],
      ["cache", "The cache detector spoke of cache/unknown, which is none of its rules; left out."],
    ]);
    expect(findings(model, [broken])).toEqual([]);
    expect(statuses(model, judgement, [broken])).toMatchObject([{ verdict: "unknown" }]);
  });
});

describe("statuses", () => {
  it.each<[string, Partial<Component>, () => Match[], object]>([
    ["quiet", {}, () => [], { verdict: "not_yet", tripWire: "p95 above 500 ms in the access log", findingIds: [] }],
    [
      "found",
      {},
      () => [match("cache/slow", 1), match("cache/cold", 2)],
      { verdict: "add_now", reason: "Cold: a.ts:2 (and 1 more)", tripWire: null, findingIds: ["F1", "F2"] },
    ],
    [
      "found with low confidence only",
      {},
      () => [match("cache/slow", 1, { confidence: "low" })],
      { verdict: "not_yet", findingIds: [] },
    ],
    [
      "a note where the part is at work",
      {
        rules: [{ id: "cache/slow", title: "Slow", severity: "note", advice: "Mend it." }],
        presence: () => ({
          status: "in_effect",
          evidence: [{ file: "a.ts", line: 1, note: "reads go through Redis" }],
        }),
      },
      () => [match("cache/slow", 1)],
      {
        verdict: "in_place",
        reason: "It is at work already: reads go through Redis (a.ts:1). To mend where it stands: Slow: a.ts:1.",
        findingIds: ["F1"],
      },
    ],
    [
      "a note that is an aside",
      { rules: [{ id: "cache/slow", title: "Slow", severity: "note", advice: "Mend it." }], notesAreAsides: true },
      () => [match("cache/slow", 1)],
      {
        verdict: "not_yet",
        reason: "Nothing calls for it beyond a small thing. To mend where it stands: Slow: a.ts:1.",
        tripWire: "p95 above 500 ms in the access log",
      },
    ],
    [
      "there",
      {
        presence: () => ({
          status: "in_effect",
          evidence: [{ file: "a.ts", line: 1, note: "reads go through Redis" }],
        }),
      },
      () => [],
      { verdict: "in_place", status: "in_effect", reason: "It is at work already: reads go through Redis (a.ts:1)" },
    ],
    [
      "lying there",
      { presence: () => ({ status: "present", evidence: [] }) },
      () => [],
      { verdict: "not_yet", status: "present" },
    ],
    [
      "unjudgeable",
      {
        presence: () => {
          throw new Error("odd");
        },
      },
      () => [],
      { verdict: "unknown", reason: "This part could not be judged: odd" },
    ],
  ])("%s", async (_, more, matches, wanted) => {
    const model = await analyze(memoryRepo(app), { cacheFolder: null });
    const component = cache(matches, more);
    expect(statuses(model, judge(model, [component]), [component])).toMatchObject([wanted]);
  });
});

describe("what another component says of the same call", () => {
  it.each<[name: string, said: Partial<Match>, rules: string[]]>([
    ["is not said again", { call: "a.ts#1" }, ["cache/cold"]],
    ["of another call is", { call: "a.ts#2" }, ["cache/cold", "cache/slow"]],
    ["but only guessed is", { call: "a.ts#1", confidence: "low" }, ["cache/cold", "cache/slow"]],
  ])("%s", async (_, said, rules) => {
    const { findings: shown, hidden } = await judged(() => [
      match("cache/cold", 1, said),
      match("cache/slow", 1, { call: "a.ts#1", saidBy: "cache/cold" }),
    ]);
    expect([...shown, ...hidden].map(({ rule }) => rule).toSorted()).toEqual(rules);
  });
});

it("keeps what stands in a sample beside a product out of the default view", async () => {
  const server = 'require("express")().get("/a", (req, res) => res.end()).listen(3000);\n';
  const manifest = (name: string): string =>
    JSON.stringify({ name, scripts: { start: "node index.js" }, dependencies: { express: "5" } });
  const sample = { "packages/sdk/example/package.json": manifest("example"), "packages/sdk/example/index.js": server };
  const product = { "apps/api/package.json": manifest("api"), "apps/api/index.js": server };
  const slow = cache(() => [match("cache/slow", 1, { file: "packages/sdk/example/index.js" })]);
  const shown = async (files: Record<string, string>): Promise<number[]> => {
    const root = { "package.json": JSON.stringify({ name: "root", workspaces: ["apps/*", "packages/*"] }) };
    const judged = judge(await analyze(memoryRepo({ ...root, ...files }), { cacheFolder: null }), [slow]);
    return [judged.findings.length, judged.hidden.length];
  };
  expect(await shown({ ...sample, ...product })).toEqual([0, 1]);
  expect(await shown(sample)).toEqual([1, 0]);
});
