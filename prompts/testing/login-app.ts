/** A small app with one thing that no recipe writes: a login that computes its hash while everybody waits. */
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";
import { planHardening, type Plan } from "../../components/plan.ts";
import { tasksOf, type Task } from "../task.ts";

export const loginFile = "src/login.js";

export const loginApp: Readonly<Record<string, string>> = {
  "package.json": `${JSON.stringify({
    name: "login-app",
    type: "module",
    scripts: { start: "node src/server.js", test: "node --test" },
    dependencies: { express: "^5.1.0", bcryptjs: "^3.0.2" },
  })}\n`,
  "package-lock.json": "{}\n",
  "src/server.js": `import express from "express";
import { login } from "./login.js";

const app = express();
app.use(express.json());
app.post("/login", login);
app.listen(process.env.PORT || 3000);
`,
  [loginFile]: `import bcrypt from "bcryptjs";
import { hashOf } from "./accounts.js";

export async function login(req, res) {
  const hash = hashOf(req.body.email);
  if (!hash || !bcrypt.compareSync(String(req.body.password), hash)) {
    return res.status(401).json({ error: "Wrong password" });
  }
  res.json({ ok: true });
}
`,
  "src/accounts.js": `const accounts = new Map([["a@example.com", process.env.ADMIN_HASH]]);

export function hashOf(email) {
  return accounts.get(email);
}
`,
};

/** The edits that cure it. */
export const rightEdits = [
  { file: loginFile, search: "!bcrypt.compareSync(", replace: "!(await bcrypt.compare(" },
  { file: loginFile, search: "String(req.body.password), hash)", replace: "String(req.body.password), hash))" },
];

export interface LoginTask {
  repo: Repo;
  plan: Plan;
  task: Task;
}

/** The task of the app, `files` laid over it. */
export async function loginTask(files: Readonly<Record<string, string>> = {}): Promise<LoginTask> {
  const repo = memoryRepo({ ...loginApp, ...files });
  const plan = await planHardening(repo, { components: ["queue"], cacheFolder: null });
  const task = plan.steps.flatMap((step) => tasksOf(step, repo))[0];
  if (task === undefined) throw new Error(`The app lost its brief: ${(await analyze(repo)).routes.length} routes`);
  return { repo, plan, task };
}
