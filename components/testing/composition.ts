/** What must hold of every plan on every app, whichever components are asked for. */
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";
import { planHardening } from "../plan.ts";

export interface Composed {
  /** In words; empty when all holds: no conflict, no failing recipe, nothing left to do for a second run. */
  faults: string[];
  /** The tree with all patches. */
  after: Record<string, string>;
}

/** Plans for these components on the tree (path -> text), and again on the outcome. */
export async function composed(tree: Record<string, string>, components: readonly string[]): Promise<Composed> {
  const options = { components, cacheFolder: null };
  const plan = await planHardening(memoryRepo(tree), options);
  const again = await planHardening(plan.after, options);
  const faults = plan.steps.flatMap(({ component, outcome }) => {
    if (outcome.kind === "conflict")
      return outcome.conflicts.map(({ file, reason }) => `${component}: ${file}: ${reason}`);
    return outcome.kind === "nothing" && outcome.reason.includes("failed") ? [`${component}: ${outcome.reason}`] : [];
  });
  const more = again.steps.flatMap(({ component, outcome }) =>
    outcome.kind === "patch"
      ? [`${component} writes to ${outcome.patch.files.map(({ path }) => path).join(", ")} in a second run`]
      : [],
  );
  return { faults: [...faults, ...more], after: filesOf(plan.after) };
}

function filesOf(repo: Repo): Record<string, string> {
  return Object.fromEntries(repo.files.map((file) => [file, repo.read(file) ?? ""]));
}
