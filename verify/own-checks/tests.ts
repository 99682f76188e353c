/** The app's own tests on both sides: what passed must pass. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { appVariables } from "../boot/app-variables.ts";
import { environmentFor } from "../boot/environment.ts";
import { givenFor } from "../boot/given.ts";
import { startOutside } from "../outside/outside.ts";
import type { ProcessRuntime, Side } from "../runtime.ts";
import { readPackage } from "../workspace/package-json.ts";
import { tryStep, type StepOutcome } from "../workspace/step.ts";
import type { Comparison } from "./comparison.ts";

const seconds = 240;
/** What `npm init` writes. */
const nothing = /no test specified/;

/** Rejects when aborted, and with `LabError` when the app cannot be installed. */
export async function compareTests(runtime: ProcessRuntime, signal?: AbortSignal): Promise<Comparison> {
  const { copy } = await runtime.workspace("before");
  const script = readPackage(copy.folder).scripts["test"];
  if (script === undefined || nothing.test(script)) return { kind: "none", why: "the app has no tests" };
  const before = await run(runtime, "before", signal);
  if (!before.isGood) return { kind: "none", why: `the app's tests do not pass before: ${before.why}` };
  const after = await run(runtime, "after", signal);
  return after.isGood
    ? { kind: "as-before", note: "the app's own tests pass" }
    : { kind: "worse", why: `the app's own tests passed before, and now ${after.why}`, log: after.log.useful(15) };
}

/** As the lab boots an app: a database of its own, every outside host played, nothing of this machine in the environment. */
async function run(runtime: ProcessRuntime, side: Side, signal?: AbortSignal): Promise<StepOutcome> {
  const { lab } = runtime;
  const { service, copy } = await runtime.workspace(side);
  const outside = await startOutside(lab.authority);
  const postgres = copy.template === null ? null : await lab.postgres();
  const database = postgres === null ? null : `tests_${side}_${randomBytes(4).toString("hex")}`;
  try {
    if (postgres !== null && database !== null && copy.template !== null)
      await postgres.create(database, copy.template);
    const given = givenFor(lab, { postgres, database, redis: null, bucket: null, url: "http://127.0.0.1" });
    const { values } = environmentFor({ service, examples: copy.examples, given });
    const report = join(lab.folder, `tests-${side}.log`);
    const env = {
      ...values,
      NODE_ENV: "test",
      CI: "true",
      ...appVariables(lab, { ports: outside.ports, listen: {}, report }),
    };
    const command = ["npm", "run", "test"];
    return await tryStep(lab, { name: "tests", side, command, cwd: copy.folder, env, limit: seconds, signal });
  } finally {
    await outside.close();
    if (postgres !== null && database !== null) await postgres.drop(database).catch(() => undefined);
  }
}
