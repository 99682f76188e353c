/** The app's own type check on both sides: a change may bring no complaint that was not there. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ProcessRuntime, Side } from "../runtime.ts";
import { installVariables } from "../workspace/install-variables.ts";
import { tryStep } from "../workspace/step.ts";
import type { Comparison } from "./comparison.ts";

const seconds = 180;
const command = ["npx", "--no-install", "tsc", "--noEmit", "--pretty", "false", "-p", "."];

/** Rejects when aborted, and with `LabError` when the app cannot be installed. */
export async function compareTypes(runtime: ProcessRuntime, signal?: AbortSignal): Promise<Comparison> {
  const { copy } = await runtime.workspace("before");
  if (!existsSync(join(copy.folder, "tsconfig.json"))) return { kind: "none", why: "the app has no tsconfig.json" };
  const before = await complaints(runtime, "before", signal);
  if (typeof before === "string") return { kind: "none", why: `the compiler could not be run: ${before}` };
  const after = await complaints(runtime, "after", signal);
  if (typeof after === "string") return { kind: "worse", why: `the compiler ends otherwise: ${after}`, log: [] };
  const left = [...before].map(withoutPlace);
  const brought = after.filter((complaint) => {
    const known = left.indexOf(withoutPlace(complaint));
    if (known >= 0) left.splice(known, 1);
    return known < 0;
  });
  if (brought.length > 0)
    return { kind: "worse", why: `${brought.length} new complaints of the compiler`, log: brought.slice(0, 10) };
  const note =
    before.length === 0
      ? "the compiler has no complaint"
      : `the compiler's ${before.length} complaints are those of before`;
  return { kind: "as-before", note };
}

/** The compiler's complaints; why there are none to be had when it did not get that far. */
async function complaints(runtime: ProcessRuntime, side: Side, signal?: AbortSignal): Promise<string[] | string> {
  const { lab } = runtime;
  const { copy } = await runtime.workspace(side);
  const env = await installVariables(lab);
  const step = { name: "type check", side, command, cwd: copy.folder, env, limit: seconds, signal };
  const { isGood, log, why } = await tryStep(lab, step);
  const said = log.useful(2000).filter((line) => line.includes("error TS"));
  return isGood || said.length > 0 ? said : why;
}

function withoutPlace(complaint: string): string {
  return complaint.replace(/\(\d+,\d+\)/, "");
}
