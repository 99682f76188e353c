/** What can be wrong with how changes get from an editor to the users. */
import type { Rule } from "../component.ts";

export const rules: readonly Rule[] = [
  {
    id: "ci-cd/no-ci",
    title: "No pipeline checks a change before it ships",
    severity: "warning",
    advice: "Add a workflow that installs from the lockfile, checks types, lints, tests and builds on every change.",
  },
  {
    id: "ci-cd/ci-does-not-test",
    title: "The pipeline runs none of the app's tests",
    severity: "warning",
    advice: "Run the app's own test script as a step of the pipeline, and require it before merging.",
  },
  {
    id: "ci-cd/no-lockfile",
    title: "Every install may bring other versions",
    severity: "warning",
    advice: "Commit the package manager's lockfile, and install from it wherever the app is built.",
  },
  {
    id: "ci-cd/no-start-script",
    title: "Nothing says how the server is started",
    severity: "warning",
    advice: "Write down the command that runs the built server itself, without a watcher.",
  },
  {
    id: "ci-cd/no-deploy-pipeline",
    title: "Releases are made by hand",
    severity: "note",
    advice: "Let a pipeline bring the version that passed its checks to the server, the same way each time.",
  },
];
