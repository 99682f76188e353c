/** What is written beside a pipeline that is there: its test step, the start script, the release; and where nothing is. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { stepOf } from "../plan.ts";
import { workflowFaults } from "../testing/workflow-faults.ts";
import { ciCd } from "./index.ts";

async function written(files: Record<string, string>): Promise<Record<string, string | null>> {
  const { step } = stepOf(ciCd, "", await analyze(memoryRepo(files), { cacheFolder: null }));
  if (step.outcome.kind !== "patch") return {};
  return Object.fromEntries(step.outcome.patch.files.map(({ path, after }) => [path, after]));
}

const server = 'const app = require("express")();\napp.get("/", (req, res) => res.send("a"));\napp.listen(3000);\n';
const lock = '{ "lockfileVersion": 3 }';
const checks = "name: Checks\non: [push, pull_request]\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n";

function app(manifest: object = {}): Record<string, string> {
  const scripts = { start: "node index.js", test: "vitest run" };
  const own = { name: "a", scripts, dependencies: { express: "5" }, devDependencies: { vitest: "4" }, ...manifest };
  return { "package.json": JSON.stringify(own), "package-lock.json": lock, "index.js": server };
}

describe("a step that runs the tests", () => {
  const workflow = ".github/workflows/ci.yml";

  async function stepped(
    steps: string,
    more: { manifest?: object; head?: string; files?: Record<string, string> } = {},
  ) {
    const text = `${more.head ?? checks}${steps}`;
    const tests = { "a.test.js": 'import { it } from "vitest";\nit("adds", () => {});\n' };
    const after = (await written({ ...app(more.manifest), ...tests, [workflow]: text, ...more.files }))[workflow];
    return after === undefined || after === null ? null : after.slice((more.head ?? checks).length);
  }

  it.each([
    [
      "behind the checks, before the build",
      "      - run: npm ci\n      - run: npm run lint\n      - run: npm run build\n",
      "      - run: npm ci\n      - run: npm run lint\n      - run: npm test\n      - run: npm run build\n",
    ],
    [
      "named and set apart like the others",
      "      - name: Install\n        run: npm ci\n\n      - name: Build\n        run: npm run build\n",
      "      - name: Install\n        run: npm ci\n\n      - name: Test\n        run: npm test\n\n      - name: Build\n        run: npm run build\n",
    ],
    [
      "before what ships",
      "      - run: npm ci\n      # live\n      - run: ./deploy.sh\n      - run: npm run lint\n",
      "      - run: npm ci\n      - run: npm test\n      # live\n      - run: ./deploy.sh\n      - run: npm run lint\n",
    ],
    [
      "at the end of a file without a last line break",
      "      - run: npm ci",
      "      - run: npm ci\n      - run: npm test",
    ],
  ])("stands %s", async (_name, steps, expected) => {
    expect(await stepped(steps)).toBe(expected);
  });

  it.each([
    ["nothing is installed", "      - run: echo a\n", {}],
    ["only what production needs is installed", "      - run: npm ci --omit=dev\n", {}],
    ["another manager installs", "      - run: pnpm install\n", {}],
    ["the install is in another folder", "      - run: npm ci\n        working-directory: web\n", {}],
    ["the install moves to another folder", "      - run: |\n          cd web\n          npm ci\n", {}],
    [
      "the tests watch",
      "      - run: npm ci\n",
      { manifest: { scripts: { start: "node index.js", test: "jest --watch" } } },
    ],
    ["the tests drive a browser", "      - run: npm ci\n", { manifest: { scripts: { test: "playwright test" } } }],
    [
      "the app keeps its data in a database",
      "      - run: npm ci\n",
      { manifest: { dependencies: { express: "5", pg: "8" } } },
    ],
    [
      "the job runs for some changes only",
      "      - run: npm ci\n",
      { head: checks.replace("    steps:", "    if: github.ref == 'refs/heads/x'\n    steps:") },
    ],
  ])("is left to somebody who knows where %s", async (_name, steps, more) => {
    const files = {
      "db.js": 'const { Pool } = require("pg");\nmodule.exports = new Pool();\n',
      "index.js": `require("./db");\n${server}`,
    };
    expect(
      await stepped(steps, { ...more, files: "manifest" in more && "dependencies" in more.manifest ? files : {} }),
    ).toBeNull();
  });
});

describe("the start script", () => {
  const ci = { ".github/workflows/ci.yml": `${checks}      - run: npm ci && npm run lint\n` };

  async function started(manifest: object, files: Record<string, string>): Promise<unknown> {
    const after = (await written({ ...app(manifest), ...ci, ...files }))["package.json"];
    return after === undefined || after === null ? null : JSON.parse(after).scripts.start;
  }

  const typed = { "index.js": "", "src/main.ts": 'import express from "express";\nexpress().listen(3000);\n' };
  const settings = (options: object): string =>
    JSON.stringify({ compilerOptions: { outDir: "dist", rootDir: "src", module: "commonjs", ...options } });
  const built = { main: "dist/main.js", scripts: { build: "tsc", dev: "tsx watch src/main.ts" } };

  it.each<[string, object, Record<string, string>, string | null]>([
    ["a plain file", { scripts: { dev: "nodemon app.js" } }, { "app.js": server, "index.js": "" }, "node app.js"],
    [
      "a file with settings loaded for it",
      { scripts: { dev: "nodemon -r dotenv/config app.js" } },
      { "app.js": server },
      null,
    ],
    [
      "a module that says so nowhere",
      { scripts: { dev: "nodemon app.js" } },
      { "app.js": `import "express";\n${server}` },
      null,
    ],
    ["what tsc writes", built, { ...typed, "tsconfig.json": settings({}) }, "node dist/main.js"],
    [
      "what tsc writes from the whole folder",
      built,
      { ...typed, "tsconfig.json": settings({ rootDir: "." }) },
      "node dist/src/main.js",
    ],
    [
      "imports by names of the compiler's own",
      built,
      { ...typed, "tsconfig.json": settings({ paths: { "@/*": ["src/*"] } }) },
      null,
    ],
    ["imports without endings as modules", built, { ...typed, "tsconfig.json": settings({ module: "esnext" }) }, null],
    [
      "a build by another tool",
      { ...built, scripts: { ...built.scripts, build: "esbuild src/main.ts" } },
      { ...typed, "tsconfig.json": settings({}) },
      null,
    ],
  ])("%s", async (_name, manifest, files, expected) => {
    expect(await started({ ...manifest, devDependencies: {} }, files)).toBe(expected);
  });
});

describe("the release", () => {
  const workflow = ".github/workflows/deploy.yml";
  const ci = `${checks}      - run: npm ci && npm test\n`;
  const image =
    'FROM node:24-slim AS web\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev\nUSER node\nCMD ["node", "index.js"]\n';

  async function released(files: Record<string, string>, pipeline: string | null = ci): Promise<string | null> {
    const checked = pipeline === null ? {} : { ".github/workflows/ci.yml": pipeline };
    return (await written({ ...app(), ...checked, ...files }))[workflow] ?? null;
  }

  const readme = (...commands: string[]): Record<string, string> => ({
    "README.md": `# A\n\n## Deploy\n\n\`\`\`sh\n${commands.join("\n")}\n\`\`\`\n`,
  });

  it.each<[string, Record<string, string>, string | null, RegExp | null]>([
    [
      "commands",
      readme("cd /srv/a", "git pull", "npm ci && npm run build", "pm2 restart a"),
      ci,
      /npm run build\n {10}pm2 restart a/,
    ],
    [
      "commands, with the checks of the same patch",
      readme("cd /srv/a", "git pull", "pm2 restart a"),
      null,
      /workflows: \["CI"\]/,
    ],
    ["a command of no usual kind", readme("cd /srv/a", "git pull", "curl x | sh", "pm2 restart a"), ci, null],
    ["a command with more in it", readme("cd /srv/a", "git pull", "pm2 restart $(id)"), ci, null],
    ["commands that start nothing", readme("cd /srv/a", "git pull", "npm ci"), ci, null],
    ["commands in no folder", readme("git pull", "pm2 restart a"), ci, null],
    [
      "checks of pull requests alone",
      readme("cd /srv/a", "git pull", "pm2 restart a"),
      ci.replace("[push, pull_request]", "pull_request"),
      null,
    ],
    [
      "checks of some files alone",
      readme("cd /srv/a", "git pull", "pm2 restart a"),
      ci.replace("[push, pull_request]", "{ push: { paths: [web/**] } }"),
      null,
    ],
    ["no checks at all", readme("cd /srv/a", "git pull", "pm2 restart a"), `${checks}      - run: echo a\n`, null],
    ["a compose file that nobody names", composed({}), ci, null],
    [
      "a compose file of the README",
      { ...composed({}), ...readme("docker compose up -d --build") },
      ci,
      /up --detach --no-build --wait/,
    ],
    [
      "a stage of a Dockerfile",
      { ...composed({ build: { context: ".", target: "web" } }), ...readme("docker compose up -d") },
      ci,
      /--target web --file Dockerfile \./,
    ],
    [
      "a build with arguments",
      { ...composed({ build: { context: ".", args: { A: "1" } } }), ...readme("docker compose up -d") },
      ci,
      null,
    ],
    ["a service of a profile", { ...composed({ profiles: ["web"] }), ...readme("docker compose up -d") }, ci, null],
    ["an image of the cluster's own", cluster("a:1"), ci, null],
    ["a registry of a cloud's own", cluster("1.dkr.ecr.eu-west-1.amazonaws.com/a:1"), ci, null],
    ["another registry", cluster("acme/a:1"), ci, /docker login docker\.io[^]*"web=acme\/a:\$GITHUB_SHA"/],
  ])("%s", async (_name, files, pipeline, expected) => {
    const text = await released(files, pipeline);
    expect(text ?? "nothing").toMatch(expected ?? /^nothing$/);
    expect(text === null ? [] : await workflowFaults(text)).toEqual([]);
  });

  function composed(service: object): Record<string, string> {
    const text = JSON.stringify({
      services: { app: { build: ".", restart: "always", ports: ["80:3000"], ...service } },
    });
    return { Dockerfile: image, ".dockerignore": "node_modules\n", "compose.yaml": text };
  }

  function cluster(name: string): Record<string, string> {
    const pod = { containers: [{ name: "web", image: name, ports: [{ containerPort: 3000 }] }] };
    const spec = {
      selector: { matchLabels: { app: "a" } },
      template: { metadata: { labels: { app: "a" } }, spec: pod },
    };
    return {
      Dockerfile: image,
      ".dockerignore": "node_modules\n",
      "k8s/a.yaml": `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: ${JSON.stringify(spec)}\n`,
    };
  }
});
