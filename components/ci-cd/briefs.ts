/** What the coding agent is told where the pipeline, the lockfile or the server is somebody's to know. */
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

const briefs: Readonly<Record<string, Pick<Brief, "constraints" | "acceptance">>> = {
  "ci-cd/ci-does-not-test": {
    constraints: [
      "The step calls the app's own test script, in a form that ends by itself.",
      "What the tests need (a database, settings) is given to the job; nothing of production is.",
    ],
    acceptance: "A change that breaks a test turns the pipeline red.",
  },
  "ci-cd/no-lockfile": {
    constraints: [
      "The lockfile is made by the package manager the app uses today, and is not ignored by git.",
      "Pipelines and images install from it (npm ci, pnpm install --frozen-lockfile).",
    ],
    acceptance: "Two installs on a fresh checkout leave the same node_modules.",
  },
  "ci-cd/no-start-script": {
    constraints: [
      "scripts.start runs node on the file that the build writes, without a watcher and without compiling on the way.",
      "Where there is a build, scripts.build makes that file.",
    ],
    acceptance: "After npm ci and npm run build, npm start answers requests with development dependencies removed.",
  },
  "ci-cd/no-deploy-pipeline": {
    constraints: [
      "The job waits for the checks of the same commit and runs for the main branch only.",
      "Its access to the server is a key of its own that can do nothing else, kept in the pipeline's secrets.",
      "It does what is done by hand today, migrations included, and ends red when the new version does not answer.",
    ],
    acceptance:
      "A merge to the main branch is live without anybody's hand, and a broken one leaves the old version running.",
  },
};

/** Null for findings that the recipe cures itself. */
export function briefFor({ id, rule, file, line, message }: Finding): Brief | null {
  const brief = briefs[rule];
  return brief === undefined ? null : { findingId: id, where: { file, line }, why: message, ...brief };
}
