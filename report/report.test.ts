/** What readers see: answers against the shipped schemas, text that fits and cannot steer the terminal, SARIF, Markdown. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { components } from "../components/registry.ts";
import type { Assessment, FindingAnswer } from "./answers/assessment.ts";
import type { HardeningAnswer } from "./answers/hardening.ts";
import type { StepAnswer } from "./answers/plan.ts";
import { head } from "./answers/tool.ts";
import { standingOf, type LabAnswer } from "./answers/verification.ts";
import { code, plain } from "./markdown/escape.ts";
import { assessmentMarkdown } from "./markdown/assessment.ts";
import { sarif } from "./sarif.ts";
import { answers, schemaFiles } from "./schemas.ts";
import { assessmentText } from "./text/assessment.ts";
import { hardeningText } from "./text/hardening.ts";
import { canvas, clip, clipPath, columns, hang, wrap } from "./text/layout.ts";
import { planText } from "./text/plan.ts";
import { verificationText } from "./text/verification.ts";
import { printable, printableLines, printableValue } from "../analyzers/repo/printable.ts";

const HOSTILE = "src/\u001b[31mred\u001b]0;title\u0007\u202e\r\nx.ts";

function finding(more: Partial<FindingAnswer> = {}): FindingAnswer {
  return {
    id: "F1",
    rule: "queue/mail-in-request",
    component: "queue",
    severity: "error",
    confidence: "high",
    title: "Mail is sent while the user waits",
    message: "The receipt is sent before the answer.",
    file: "src/routes/checkout.ts",
    line: 88,
    also: [],
    routes: ["POST /checkout", "POST /renew"],
    path: [{ file: "src/routes/checkout.ts", line: 40, label: "checkout" }],
    fingerprint: "abc",
    fix: "patch",
    ...more,
  };
}

function assessmentOf(findings: FindingAnswer[]): Assessment {
  return {
    ...head,
    repo: { root: "/apps/shop", commit: null, files: 12, bytes: 3400 },
    services: [
      {
        name: "shop",
        root: ".",
        language: "typescript",
        frameworks: [{ name: "express", version: "^5.0.0" }],
        packageManager: "npm",
        entry: ["src/server.ts"],
        start: "node dist/server.js",
        build: "tsc",
        port: { value: 4000, source: "fixed in the code" },
        nodeVersion: "22",
      },
    ],
    deploy: [{ target: "render", evidence: { file: "render.yaml", line: 1 } }],
    routes: [{ method: "POST", path: "/checkout", file: "src/routes/checkout.ts", line: 30, service: "shop" }],
    components: [
      {
        component: "queue",
        status: "absent",
        evidence: [],
        verdict: "add_now",
        reason: "why",
        tripWire: null,
        findingIds: findings.map((each) => each.id),
      },
      {
        component: "cache",
        status: "absent",
        evidence: [],
        verdict: "not_yet",
        reason: "Reads are light",
        tripWire: "200 reads a second on one route",
        findingIds: [],
      },
    ],
    findings,
    suppressed: [],
    problems: [],
    skipped: [{ file: HOSTILE, reason: "it is a symbolic link out of the tree" }],
    timings: { read: 3 },
  };
}

const STEP: StepAnswer = {
  component: "queue",
  title: "Queue",
  reason: "first",
  outcome: "patch",
  why: null,
  findings: [finding()],
  patch: {
    id: "p1",
    component: "queue",
    title: "Queue",
    findings: ["F1"],
    files: [{ path: "src/queue.ts", change: "added", added: 40, removed: 0 }],
    review: { level: "read", reason: "It moves work." },
    services: [],
    env: [],
    notes: [],
  },
  conflicts: [],
  briefs: [],
};

const LAB: LabAnswer = {
  id: "v1",
  parts: ["Postgres 18.4 (embedded)"],
  booted: { before: { ok: true, reason: null, log: [] }, after: { ok: true, reason: null, log: [] } },
  verdicts: [
    {
      experiment: "queue/mail-hangs",
      component: "queue",
      title: "Checkout while mail hangs",
      verdict: "improved",
      reason: "p95 of checkout: 10000 ms before, 41 ms after",
      figures: [{ measure: "checkout.p95", unit: "ms", before: [10_000, 10_004], after: [41, 39] }],
      runs: ["r1"],
    },
  ],
  runs: [
    {
      id: "r1",
      experiment: "queue/mail-hangs",
      side: "before",
      round: 1,
      measures: { "checkout.p95": 10_000 },
      notes: [],
    },
  ],
  notDriven: [],
  outsideHosts: [],
  notes: [],
  timings: { boot: 4 },
};

const HARDENING: HardeningAnswer = {
  ...head,
  repo: { root: "/apps/my shop", commit: null },
  plan: "1",
  base: "2",
  steps: [STEP],
  out: "/state/patches/1",
  patchFiles: [{ component: "queue", patch: "p1", file: "01-queue.patch" }],
  drafting: null,
  applied: false,
  lab: LAB,
  seconds: 92.4,
};

describe("JSON Schemas", () => {
  it.each([...schemaFiles()])("%s is up to date (node report/write-generated.ts)", (name, text) => {
    expect(readFileSync(join(import.meta.dirname, "schema", name), "utf8")).toBe(text);
  });

  it.each([
    ["assess", assessmentOf([finding()])],
    ["harden", HARDENING],
    ["verify", { ...head, repo: HARDENING.repo, lab: LAB }],
  ] as const)("the shipped schema of %s takes its answer and no other", (verb, answer) => {
    const shipped: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, "schema", `${verb}.generated.json`), "utf8"),
    );
    const schema = z.fromJSONSchema(z.record(z.string(), z.json()).parse(shipped));
    expect(schema.safeParse(JSON.parse(JSON.stringify(answer))).error).toBeUndefined();
    expect(schema.safeParse({ ...answer, schemaVersion: 99 }).success).toBe(false);
    expect(schema.safeParse({ ...answer, tool: undefined }).success).toBe(false);
  });

  it("there is one for every verb that answers in JSON", () => {
    expect([...schemaFiles().keys()]).toEqual(Object.keys(answers).map((verb) => `${verb}.generated.json`));
  });
});

describe("terminal text", () => {
  const plainCanvas = canvas(false, 100);

  it("says verdict first, then findings with place, route and path, then components and what was left out", () => {
    const text = assessmentText(assessmentOf([finding()]), { canvas: plainCanvas, all: false, next: "shoreup harden" });
    expect(text.split("\n")[0]).toBe("shop: 1 finding in 1 component, 1 to fix first");
    expect(text).toContain("F1  error    src/routes/checkout.ts:88  Mail is sent while the user waits");
    expect(text).toContain("POST /checkout (+1 route) → checkout");
    expect(text).toMatch(/cache +not yet +Reads are light Trip-wire: 200 reads a second/);
    expect(text.indexOf("left out: 1 file")).toBeGreaterThan(text.indexOf("components"));
    expect(text).toContain("Next: shoreup harden");
  });

  it("fits a screen with a hundred findings, and lists them all when asked", () => {
    const many = Array.from({ length: 100 }, (_, index) => finding({ id: `F${index + 1}` }));
    const short = assessmentText(assessmentOf(many), { canvas: plainCanvas, all: false, next: "x" });
    expect(short.split("\n").length).toBeLessThan(45);
    expect(short).toContain("and 97 more findings (97 like F1): --all lists them");
    expect(assessmentText(assessmentOf(many), { canvas: plainCanvas, all: true, next: "x" })).toContain("F100");
  });

  it("shows the first ones of each rule before more of the same", () => {
    const many = Array.from({ length: 40 }, (_, index) => finding({ id: `F${index + 1}` }));
    const other = finding({ id: "F41", rule: "cache/hot-read-uncached", component: "cache", title: "Read each time" });
    const text = assessmentText(assessmentOf([...many, other]), { canvas: plainCanvas, all: false, next: "x" });
    expect(text).toContain("Read each time");
    expect(text).toContain("and 37 more findings (37 like F1)");
  });

  it.each([60, 80, 120])("no line of it is wider than %i columns", (width) => {
    const long = finding({
      title: "A title ".repeat(30).trim(),
      file: `src/${"deep/".repeat(30)}x.ts`,
      path: [{ file: "a", line: 1, label: "step ".repeat(60) }],
    });
    const text = assessmentText(assessmentOf([long]), { canvas: canvas(false, width), all: true, next: "x" });
    expect(Math.max(...text.split("\n").map(columns))).toBeLessThanOrEqual(width);
  });

  it("never lets a name from the repo steer the terminal", () => {
    const text = assessmentText(assessmentOf([finding({ file: HOSTILE, title: HOSTILE })]), {
      canvas: plainCanvas,
      all: true,
      next: "x",
    });
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain("\\u001b[31mred");
  });

  it("colours only when asked", () => {
    const coloured = assessmentText(assessmentOf([finding()]), { canvas: canvas(true, 100), all: false, next: "x" });
    expect(coloured).toContain("\u001b[31merror");
    expect(assessmentText(assessmentOf([finding()]), { canvas: plainCanvas, all: false, next: "x" })).not.toContain(
      "\u001b",
    );
  });

  it("ends harden with findings, patches, verdicts and where the patches lie", () => {
    const text = hardeningText(HARDENING, plainCanvas);
    expect(text).toContain("01-queue.patch 1 file +40 -0, review: read");
    expect(text).toContain("src/routes/checkout.ts:88");
    expect(text).toMatch(/improved +Checkout while mail hangs\n +p95 of checkout: 10000 ms before, 41 ms after/);
    expect(text).toContain("1 finding, 1 patch, 1 improved in 92 s");
    expect(text.trimEnd().split("\n").at(-1)).toContain("shoreup apply '/apps/my shop'");
  });

  it.each([
    [
      "a draft that passed",
      { outcome: "patch" as const, gate: null, why: null },
      /1 of 1 by small passed every gate; 2 further briefs left[^]*passed F1 queue\/x: read every line/,
    ],
    [
      "a draft that did not",
      { outcome: "refused" as const, gate: "parses", why: "line 3" },
      /0 of 1 by small[^]*refused F1 queue\/x, at "parses": line 3/,
    ],
  ])("tells in harden of %s", (_, draft, words) => {
    const drafts = [{ finding: "F1", rule: "queue/x", log: [], passed: [], ...draft }];
    const text = hardeningText({ ...HARDENING, drafting: { model: "small", why: null, drafts, left: 2 } }, plainCanvas);
    expect(text).toMatch(words);
  });

  it("tells in harden why nothing was drafted", () => {
    const drafting = { model: null, why: "There is no key.", drafts: [], left: 0 };
    expect(hardeningText({ ...HARDENING, drafting }, plainCanvas)).toContain("None was made. There is no key.");
  });

  it("plans with what a patch cures, changes and leaves to a human", () => {
    const brief = {
      findingId: "F2",
      where: { file: "src/a.ts", line: 3 },
      why: "It hangs on the request.",
      constraints: [],
      acceptance: "",
      rule: "queue/mail-in-request",
      fingerprint: "abc",
      routes: [],
      path: [],
      excerpts: [],
      files: [],
      newIn: [],
      checks: [],
    };
    const steps = [
      { ...STEP, briefs: [brief] },
      {
        ...STEP,
        component: "cache",
        patch: null,
        findings: [],
        outcome: "nothing" as const,
        why: "Nothing was found.",
      },
      {
        ...STEP,
        component: "shutdown",
        patch: null,
        outcome: "conflict" as const,
        conflicts: [{ file: "b.ts", reason: "two changes want the same place" }],
      },
    ];
    const text = planText(
      { ...head, repo: HARDENING.repo, plan: "1", base: "2", steps },
      plainCanvas,
      "shoreup harden",
    );
    expect(text).toMatch(/1\. queue {2}first\n {3}cures F1\n {3}new src\/queue\.ts \+40 -0\n {3}review: read\./);
    expect(text).toContain("by hand F2 src/a.ts:3\n      It hangs on the request.");
    expect(text).toContain("conflict b.ts: two changes want the same place");
    expect(text).toContain("nothing to do: cache");
  });

  it("says which side did not boot, with its last words", () => {
    const broken = { ok: false, at: "boot", reason: "It ended with code 1", log: ["Error: no DATABASE_URL"] };
    const lab = { ...LAB, booted: { before: LAB.booted.before, after: broken } };
    const text = verificationText({ ...head, repo: HARDENING.repo, lab }, plainCanvas);
    expect(text).toContain("The patched app did not boot: It ended with code 1\n  | Error: no DATABASE_URL");
    expect(text).toContain("checkout.p95 10000 (10000–10004) → 39 (39–41) ms");
    expect(standingOf(lab)).toBe("sound");
    for (const [verdict, standing] of [
      ["regressed", "worse"],
      ["inconclusive", "unproven"],
    ] as const) {
      expect(standingOf({ verdicts: [{ ...LAB.verdicts[0], verdict } as LabAnswer["verdicts"][number]] })).toBe(
        standing,
      );
    }
  });

  it("does not call a patch proven when nothing was measured", () => {
    expect(hardeningText({ ...HARDENING, lab: null }, plainCanvas)).toContain("nothing measured");
  });
});

describe("printable", () => {
  it.each([
    ["plain ü 漢字", "plain ü 漢字"],
    ["a\u001b[2J", "a\\u001b[2J"],
    ["line\nbreak\ttab", "line\\nbreak\\ttab"],
    ["\u202egnp.exe\u200b", "\\u202egnp.exe\\u200b"],
    ["\u009b31m", "\\u009b31m"],
    ["\ud800", "\\ud800"],
    ["😀", "😀"],
  ])("%j", (text, expected) => expect(printable(text)).toBe(expected));

  it("keeps lines and tabs of a diff", () => expect(printableLines("+a\tb\n-\u001bc")).toBe("+a\tb\n-\\u001bc"));
  it("reaches every string of a value", () =>
    expect(printableValue({ a: ["\u0007"], "\u0007": 1 })).toEqual({ a: ["\\u0007"], "\\u0007": 1 }));
});

describe("layout", () => {
  it("measures what is seen", () =>
    expect([columns("\u001b[31mab\u001b[39m"), columns("漢字"), columns("😀")]).toEqual([2, 4, 2]));
  it("clips at the end", () => expect([clip("abcdef", 4), clip("abc", 4)]).toEqual(["abc…", "abc"]));
  it("keeps the end of a path", () => expect(clipPath("very/deep/file.ts:12", 10)).toBe("…ile.ts:12"));
  it("wraps words", () => expect(wrap("one two three", 7)).toEqual(["one two", "three"]));
  it("hangs further lines below the first", () =>
    expect(hang("\u001b[1m- \u001b[22m", "aaaa bbbb cccc dddd eeee ffff", 22)).toBe(
      "\u001b[1m- \u001b[22maaaa bbbb cccc dddd\n  eeee ffff",
    ));
});

/** The schema as Microsoft ships it; `uri-reference` is looser than what zod takes for a URI. */
function sarifSchema(): z.ZodType {
  const path = "../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
  const text = readFileSync(new URL(path, import.meta.url), "utf8").replace(/"format":\s*"uri-reference",?/g, "");
  return z.fromJSONSchema(z.record(z.string(), z.json()).parse(JSON.parse(text.replace(/,(\s*})/g, "$1"))));
}

describe("SARIF", () => {
  it("holds to the official schema of SARIF 2.1.0", () => {
    const path = [{ file: "src/a.ts", line: 3, label: "POST /checkout" }];
    const answer = assessmentOf([
      finding({ path, also: [{ file: "src/b.ts", line: 2 }] }),
      finding({ file: "b c.ts" }),
    ]);
    const log: unknown = JSON.parse(JSON.stringify(sarif(answer, components)));
    const schema = sarifSchema();
    expect(schema.safeParse(log).error?.issues ?? []).toEqual([]);
    expect(schema.safeParse({ version: "2.1.0", runs: [{ results: [] }] }).success).toBe(false);
  });

  it("points at the place with relative, encoded paths and carries the fingerprint", () => {
    const answer = assessmentOf([finding({ file: "src/a b#.ts", line: 0 })]);
    const log = JSON.parse(JSON.stringify(sarif(answer, [])));
    const [result] = log.runs[0].results;
    expect(log.version).toBe("2.1.0");
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "src/a%20b%23.ts", uriBaseId: "%SRCROOT%" },
      region: { startLine: 1 },
    });
    expect(result).toMatchObject({
      ruleId: "queue/mail-in-request",
      level: "error",
      partialFingerprints: { "shoreup/v1": "abc" },
    });
    expect(result.message.text).toContain("POST /checkout, POST /renew");
  });
});

describe("Markdown", () => {
  it("lets repo text make no markup and mention nobody", () => {
    expect(plain("![x](http://e) <img> @me | `c`")).toBe("\\!\\[x\\](http://e) \\<img\\> @\u2060me \\| \\`c\\`");
    expect(code("a`b|c")).toBe("`` a`b\\|c ``");
    const text = assessmentMarkdown(assessmentOf([finding({ title: "<script>", file: "a|b.ts" })]));
    expect(text).not.toContain("<script>");
    expect(text).toContain("a\\|b.ts:88");
  });
});
