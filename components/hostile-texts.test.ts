/** Texts that are made to keep patterns busy: every file that anything reads is judged in good time, or named as not read. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { analyze } from "../analyzers/index.ts";
import { openRepo } from "../analyzers/repo/disk.ts";
import { statuses } from "./assess.ts";
import { judge } from "./findings.ts";
import { components } from "./registry.ts";

const folder = mkdtempSync(join(tmpdir(), "shoreup-hostile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One of each kind of file that some question reads. */
const names = [
  ".dockerignore",
  ".env.example",
  ".env.production",
  ".github/workflows/ci.yml",
  ".gitlab-ci.yml",
  "Caddyfile",
  "Dockerfile",
  "Procfile",
  "app.json",
  "app.yaml",
  "chart/values.yaml",
  "cloudbuild.yaml",
  "compose.prod.yaml",
  "db/migrations/2.sql",
  "deploy.sh",
  "docker-compose.yml",
  "ecosystem.config.json",
  "fly.toml",
  "haproxy.cfg",
  "k8s/deploy.yaml",
  "migrations/1_init.sql",
  "netlify.toml",
  "nginx.conf",
  "prisma/schema.prisma",
  "public/index.html",
  "railway.json",
  "render.yaml",
  "schema.sql",
  "serverless.yml",
  "src/App.vue",
  "src/page.astro",
  "src/page.svelte",
  "tsconfig.json",
  "vercel.json",
  "views/a.ejs",
  "wrangler.toml",
];

const manifest = JSON.stringify({
  name: "shop",
  scripts: { start: "node server.js" },
  dependencies: { express: "5", pg: "8", nodemailer: "7", bullmq: "5" },
});
const server = `const app = require("express")();
app.post("/orders", async (req, res) => res.json(await fetch("https://rates.example.com").then((answer) => answer.json())));
app.listen(3000);
`;

/** Just below the bounds on what is read: 0.5 MB, and lines of 20,000 characters. */
const mostText = 500_000;
const mostLine = 19_000;

/** Longer lines on average are taken for a bundle. */
const mostSourceLine = 400;

function filled(piece: string, length: number, lineLength: number): string {
  const isOfLines = piece.includes("\n");
  const line = isOfLines ? piece : `${piece.repeat(Math.ceil(lineLength / piece.length)).slice(0, lineLength)}\n`;
  return line.repeat(Math.floor(length / line.length));
}

it.each([
  " ",
  "\n",
  "a",
  "'",
  "=",
  "${",
  "server { ",
  '"a": {"a": ',
  "- name:\n  replicas: ",
  "RUN a && \\\n",
  "kind: Deployment\nmetadata:\n  name: a\n---\n",
  "CREATE TABLE a (id int, ",
  "model A { a Int @@index([",
  "<script>",
  "A_KEY=a\n",
])(
  "%j again and again",
  async (piece) => {
    const root = join(folder, Buffer.from(piece).toString("hex").slice(0, 40));
    const text = filled(piece, mostText, mostLine);
    const files: Record<string, string> = Object.fromEntries(names.map((name) => [name, text]));
    files["package.json"] = manifest;
    files["server.js"] = `${server}/*\n${filled(piece, 200_000, mostSourceLine)}\n*/\n`;
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), content);
    }
    const model = await analyze(openRepo(root), { cacheFolder: null });
    const judgement = judge(model);
    expect(judgement.findings.map(({ rule }) => rule)).toContain("resilience/external-http-no-timeout");
    expect(statuses(model, judgement)).toHaveLength(components.length);
  },
  60_000,
);
