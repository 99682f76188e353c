/** The real command on small apps: exit codes, what goes to which stream, and that nothing in a repo can harm the reader. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const main = join(import.meta.dirname, "main.ts");
/** Half of a short run is reading the command's own source: it is compiled once, not in every process. */
const compiled = join(import.meta.dirname, "../node_modules/.cache/compiled");
const schemas = join(import.meta.dirname, "../report/schema");
let home = "";

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "shoreup-cli-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function shoreup(
  words: string[],
  environment: Record<string, string> = {},
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], {
    cwd: home,
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      SHOREUP_HOME: join(home, "state"),
      NODE_COMPILE_CACHE: compiled,
      ...environment,
    },
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}

const SERVER = `import express from "express";

const app = express();

app.get("/hello", (request, response) => {
  response.json({ hello: request.query.name });
});

app.listen(process.env.PORT || 4000);
`;

function appFolder(name: string, files: Record<string, string> = {}): string {
  const root = join(home, name);
  const manifest = {
    name,
    type: "module",
    scripts: { start: "node src/server.js" },
    dependencies: { express: "^5.1.0" },
  };
  const all = { "package.json": `${JSON.stringify(manifest, null, 2)}\n`, "src/server.js": SERVER, ...files };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

/** Every file with its bytes and mode, for before and after. */
function snapshot(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const pairs = files.map((entry): [string, string] => {
    const file = join(entry.parentPath, entry.name);
    return [file, `${statSync(file).mode} ${readFileSync(file).toString("base64")}`];
  });
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function validated(verb: string, out: string): Record<string, z.core.util.JSONType> {
  const schema: unknown = JSON.parse(readFileSync(join(schemas, `${verb}.generated.json`), "utf8"));
  const answer: unknown = JSON.parse(out);
  expect(z.fromJSONSchema(z.record(z.string(), z.json()).parse(schema)).safeParse(answer).error).toBeUndefined();
  return z.record(z.string(), z.json()).parse(answer);
}

describe("bad usage and nothing to work on", () => {
  it.each([
    [["frobnicate"], 2, "unknown command 'frobnicate'"],
    [["assess", "--wat"], 2, "unknown option '--wat'"],
    [["assess", "--format", "xml"], 2, "Allowed choices are text, json, sarif, markdown"],
    [["assess", "--fail-on", "sometimes"], 2, "Allowed choices are error, warning, note, never"],
    [["harden", "--budget", "-3"], 2, "It must be a number above zero"],
    [["assess", "a", "b"], 2, "too many arguments"],
    [["assess", "./not-there"], 2, "There is nothing at"],
    [["undo", "./not-there"], 2, "There is nothing at"],
  ] as const)("%j exits %i with a sentence on stderr alone", (words, code, sentence) => {
    const answer = shoreup([...words]);
    expect(answer).toMatchObject({ code, out: "" });
    expect(answer.err).toContain(sentence);
    expect(answer.err).not.toMatch(/^\s+at /m);
  });

  it("says what, why and what next for a file instead of a folder", () => {
    const root = appFolder("file-not-folder");
    const { code, err } = shoreup(["assess", join(root, "package.json")]);
    expect(code).toBe(2);
    expect(err).toMatch(/is not a folder\.\n {2}why: {2}.+\n {2}next: .+/);
  });

  it("exits 3 for an empty folder and for one in another language", () => {
    mkdirSync(join(home, "empty"));
    const ruby = join(home, "ruby");
    mkdirSync(ruby);
    writeFileSync(join(ruby, "app.rb"), "puts 1\n");
    for (const folder of ["empty", "ruby"]) {
      const answer = shoreup(["assess", folder, "--json"]);
      expect(answer).toMatchObject({ code: 3, out: "" });
      expect(answer.err).toContain("no JavaScript, TypeScript or Python");
    }
  });

  it("names an unknown component, experiment and finding", () => {
    const root = appFolder("unknown-names");
    expect(shoreup(["plan", root, "--component", "blockchain"])).toMatchObject({ code: 2, out: "" });
    expect(shoreup(["plan", root, "--finding", "F999"]).err).toContain("No finding here is called F999");
    expect(shoreup(["verify", root, "--experiment", "queue/none"]).err).toContain("There is no experiment queue/none");
  });

  it("prints help and version on stdout and exits 0", () => {
    expect(shoreup(["--version"])).toMatchObject({ code: 0, out: "0.1.0\n" });
    expect(shoreup(["help", "assess"])).toMatchObject({ code: 0, err: "" });
  });
});

describe("assess", () => {
  it("answers --json with JSON alone on stdout, as the shipped schema says", () => {
    const root = appFolder("plain-app");
    const { code, out, err } = shoreup(["assess", root, "--json"]);
    const answer = validated("assess", out);
    expect(answer["services"]).toMatchObject([{ name: "plain-app", entry: ["src/server.js"], port: { value: 4000 } }]);
    expect(answer["routes"]).toMatchObject([{ method: "GET", path: "/hello", file: "src/server.js", line: 5 }]);
    expect(answer["findings"]).toEqual(expect.arrayContaining([expect.objectContaining({ rule: "ci-cd/no-ci" })]));
    expect(code).toBe(1);
    expect(err).toContain("analyzing");
  });

  it("gives the answer of the last run while nothing has changed, and names what it did not read", () => {
    const root = appFolder("asked-twice", { "docker-compose.yml": `services: {}\n${"# padding\n".repeat(60_000)}` });
    const answerOf = (...words: string[]) => {
      const { out, err } = shoreup(["assess", root, "--json", ...words]);
      const { timings: _, ...answer } = z.looseObject({ timings: z.unknown() }).parse(JSON.parse(out));
      return { answer, err };
    };
    const first = answerOf();
    expect(first.answer["skipped"]).toEqual([expect.objectContaining({ file: "docker-compose.yml" })]);
    const second = answerOf();
    expect(second.err).toContain("nothing has changed");
    expect(second.answer).toEqual(first.answer);
    expect(answerOf("--no-cache")).toMatchObject({ answer: first.answer, err: expect.stringContaining("judging") });
    writeFileSync(join(root, "src/server.js"), SERVER.replace("/hello", "/hi"));
    const third = answerOf();
    expect(third.err).toContain("judging");
    expect(third.answer["routes"]).toMatchObject([{ path: "/hi" }]);
  });

  it.each([
    ["never", 0],
    ["note", 1],
  ])("--fail-on %s exits %i", (threshold, code) => {
    expect(shoreup(["assess", appFolder("threshold"), "--fail-on", threshold]).code).toBe(code);
  });

  it("colours only when forced, and never against NO_COLOR", () => {
    const root = appFolder("colours");
    expect(shoreup(["assess", root]).out).not.toContain("\u001b");
    expect(shoreup(["assess", root], { FORCE_COLOR: "1" }).out).toContain("\u001b[");
    expect(shoreup(["assess", root], { FORCE_COLOR: "1", NO_COLOR: "1" }).out).not.toContain("\u001b");
    expect(shoreup(["assess", root], { FORCE_COLOR: "1", TERM: "dumb" }).out).not.toContain("\u001b");
  });

  it("answers in SARIF and Markdown", () => {
    const root = appFolder("other-formats");
    expect(JSON.parse(shoreup(["assess", root, "--format", "sarif"]).out)).toMatchObject({ version: "2.1.0" });
    expect(shoreup(["assess", root, "--format", "markdown"]).out).toMatch(/^## other-formats: \d+ finding/);
  });

  it("survives what a hostile tree holds, and prints none of it raw", () => {
    const name = "src/\u001b[2J\u001b]0;owned\u0007\n; touch x;$(id).js";
    const root = appFolder("hostile", {
      [name]: "export const = broken(\n",
      "src/huge.js": `// ${"x".repeat(3_000_000)}\n`,
    });
    symlinkSync(root, join(root, "src/loop"));
    symlinkSync("/etc/passwd", join(root, "src/outside.js"));
    writeFileSync(join(root, "tsconfig.json"), "{ nope");
    const { code, out, err } = shoreup(["assess", root, "--all"]);
    expect([0, 1]).toContain(code);
    for (const text of [out, err]) expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(out).toContain("\\u001b[2J");
    expect(out).not.toContain("root:x:0");
    validated("assess", shoreup(["assess", root, "--json"]).out);
  });

  it("notes a package.json that is not JSON", () => {
    const { code, out } = shoreup(["assess", appFolder("malformed", { "package.json": "{ name: oops" }), "--json"]);
    expect([0, 1]).toContain(code);
    expect(validated("assess", out)["skipped"]).toMatchObject([{ file: "package.json" }]);
  });
});

describe("baseline", () => {
  it("takes the findings of today for known, and reports them again when asked to", () => {
    const root = appFolder("baseline");
    expect(shoreup(["assess", root]).code).toBe(1);
    const before = snapshot(root);
    const { code, out, err } = shoreup(["assess", root, "--write-baseline"]);
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toContain("commit shoreup.baseline.json");
    const { [join(root, "shoreup.baseline.json")]: written, ...rest } = snapshot(root);
    expect(rest).toEqual(before);
    expect(written).toBeDefined();
    const known = shoreup(["assess", root]);
    expect(known.code).toBe(0);
    expect(known.out).toContain("suppressed in the source or the baseline");
    expect(shoreup(["assess", root, "--no-baseline"]).code).toBe(1);
  });
});

describe("plan, patch, apply, undo, harden", () => {
  it("plans without writing, and patches with diffs that git takes", () => {
    const root = appFolder("patched");
    const before = snapshot(root);
    const plan = validated("plan", shoreup(["plan", root, "--json"]).out);
    expect(plan["steps"]).toEqual(
      expect.arrayContaining([expect.objectContaining({ component: "ci-cd", outcome: "patch" })]),
    );
    const { code, out } = shoreup(["patch", root]);
    expect(code).toBe(0);
    expect(snapshot(root)).toEqual(before);
    execFileSync("git", ["init", "--quiet"], { cwd: root });
    execFileSync("git", ["apply"], { cwd: root, input: out });
    expect(readdirSync(join(root, ".github/workflows")).length).toBe(1);
  });

  it("applies everything and takes it back byte for byte", () => {
    const root = appFolder("applied");
    const before = snapshot(root);
    expect(validated("apply", shoreup(["apply", root, "--dry-run", "--json"]).out)).toMatchObject({
      applied: false,
      dryRun: true,
    });
    expect(snapshot(root)).toEqual(before);
    const applied = shoreup(["apply", root, "--json"]);
    expect(validated("apply", applied.out)).toMatchObject({ applied: true });
    expect(applied.code).toBe(0);
    expect(snapshot(root)).not.toEqual(before);
    expect(shoreup(["apply", root]).out).toContain("There was nothing to patch.");
    expect(validated("undo", shoreup(["undo", root, "--json"]).out)).toMatchObject({ left: [] });
    expect(snapshot(root)).toEqual(before);
    expect(shoreup(["undo", root])).toMatchObject({ code: 2, out: "" });
  });

  it("does not undo over work done since", () => {
    const root = appFolder("edited-since");
    shoreup(["apply", root, "--component", "ci-cd"]);
    const [workflow = ""] = readdirSync(join(root, ".github/workflows"));
    writeFileSync(join(root, ".github/workflows", workflow), "mine now\n");
    const { code, err } = shoreup(["undo", root]);
    expect(code).toBe(2);
    expect(err).toContain("it has changed since the patch was applied");
    expect(readFileSync(join(root, ".github/workflows", workflow), "utf8")).toBe("mine now\n");
  });

  it("writes numbered patch files outside the app and says where", () => {
    const root = appFolder("hardened");
    const before = snapshot(root);
    const { code, out } = shoreup(["harden", root, "--no-verify", "--json"]);
    const answer = validated("harden", out);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ applied: false, lab: null });
    const folder = z.string().parse(answer["out"]);
    expect(folder.startsWith(root)).toBe(false);
    expect(readdirSync(folder)).toContain("01-ci-cd.patch");
    expect(snapshot(root)).toEqual(before);
    expect(shoreup(["harden", root, "--no-verify"]).out).toContain(`The patches lie in ${folder}`);
  });

  it("will not mix patches of two plans in one folder", () => {
    const root = appFolder("mixed");
    mkdirSync(join(home, "used"));
    writeFileSync(join(home, "used", "07-older.patch"), "");
    expect(shoreup(["patch", root, "--out", "used"]).err).toContain("holds patches of another plan");
    expect(readdirSync(join(home, "used"))).toEqual(["07-older.patch"]);
  });
});

describe("briefs", () => {
  const slow = {
    "src/server.js": SERVER.replace(
      "app.listen",
      `app.post("/login", (request, response) => {
  response.json({ ok: bcrypt.compareSync(request.query.password, process.env.HASH) });
});

app.listen`,
    ).replace('"express";', '"express";\nimport bcrypt from "bcryptjs";'),
  };
  const only = ["--finding", "queue/heavy-cpu-in-request"];

  it("come as one document each, on stdout or beside the patches, and name the command that tells when they are done", () => {
    const root = appFolder("briefs", slow);
    const { code, out } = shoreup(["patch", root, "--briefs", ...only]);
    expect(code).toBe(0);
    expect(out.match(/^# /gm)).toHaveLength(1);
    expect(out).toMatch(/^# queue\/heavy-cpu-in-request \(F\d+\)/);
    const [, check = ""] = /shoreup (assess \. --finding \w+ --fail-on note)/.exec(out) ?? [];
    const words = check.split(" ").map((word) => (word === "." ? root : word));
    expect(shoreup(words).code).toBe(1);
    writeFileSync(join(root, "src/server.js"), SERVER);
    expect(shoreup(words)).toMatchObject({ code: 0, out: "" });
  });

  it("are files in the folder of the patches, and the same facts in JSON", () => {
    const root = appFolder("brief-files", slow);
    const folder = join(home, "brief-files-out");
    const { out } = shoreup(["patch", root, "--out", folder, "--json", ...only]);
    expect(readdirSync(join(folder, "briefs"))).toEqual([expect.stringMatching(/^F\d+-queue\.md$/)]);
    expect(JSON.stringify(validated("patch", out))).toContain('"files":["src/server.js"]');
  });

  it("stay when drafts are asked for and no model is there, or no lab", () => {
    const root = appFolder("no-model", slow);
    const refused = shoreup(["harden", root, "--draft", "--no-verify", ...only]);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain("A draft needs the lab.");
    const { code, out } = shoreup(["harden", root, "--draft", "--json", "--out", join(home, "no-model-out"), ...only]);
    expect(code).toBe(0);
    expect(validated("harden", out)).toMatchObject({
      drafting: { model: null, why: expect.stringContaining("Set OPENAI_API_KEY") as string, drafts: [] },
      patchFiles: [],
    });
    expect(readdirSync(join(home, "no-model-out", "briefs"))).toHaveLength(1);
  });

  it("stay when the model's server is not there", () => {
    const root = appFolder("no-server", slow);
    const { code, out } = shoreup(["harden", root, "--draft", "--out", join(home, "no-server-out"), ...only], {
      OPENAI_API_KEY: "key-that-nobody-may-read",
      OPENAI_BASE_URL: "http://127.0.0.1:1/v1",
    });
    expect(code).toBe(0);
    expect(out).toMatch(/refused F\d+ [^]*comes as edits[^]*cannot be reached/);
    expect(out).not.toContain("nobody-may-read");
    expect(readdirSync(join(home, "no-server-out", "briefs"))).toHaveLength(1);
  });
});

describe("finding ids", () => {
  it("are the same in plan as in assess", () => {
    const root = appFolder("same-ids");
    const assessed = z
      .object({ findings: z.array(z.object({ id: z.string(), fingerprint: z.string() })) })
      .parse(JSON.parse(shoreup(["assess", root, "--json"]).out));
    const planned = z
      .object({
        steps: z.array(z.object({ findings: z.array(z.object({ id: z.string(), fingerprint: z.string() })) })),
      })
      .parse(JSON.parse(shoreup(["plan", root, "--json"]).out));
    const ids = new Map(assessed.findings.map(({ fingerprint, id }) => [fingerprint, id]));
    const both = planned.steps.flatMap((step) => step.findings).filter(({ fingerprint }) => ids.has(fingerprint));
    expect(both.length).toBeGreaterThan(1);
    for (const { id, fingerprint } of both) expect(id).toBe(ids.get(fingerprint));
  });
});

describe("components", () => {
  it("lists rules without an app", () => {
    const answer = validated("components", shoreup(["components", "--json"]).out);
    expect(answer["components"]).toEqual(expect.arrayContaining([expect.objectContaining({ id: "ci-cd" })]));
    expect(shoreup(["components"]).out).toContain("ci-cd/no-ci");
  });
});
