/** The part of a verb that makes a plan: which components and findings are wanted, and the plan itself. */
import type { Command } from "commander";
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Plan } from "../components/plan.ts";
import type { Patch } from "../patches/edit.ts";
import { Stop } from "./stop.ts";
import { cacheOf, openTarget } from "./target.ts";
import { type AppOptions, type Door, listOption } from "./verb.ts";

export interface PlanOptions extends AppOptions {
  component?: string[];
  finding?: string[];
}

export interface Planned {
  repo: Repo;
  plan: Plan;
  /** The plan's patches, in the order in which they apply. */
  patches: Patch[];
}

export function withSelection(command: Command): Command {
  return command
    .addOption(listOption("-c, --component <ids>", "only these components"))
    .addOption(listOption("-f, --finding <ids>", "only these findings: F3, a rule or a fingerprint"));
}

/** Throws {@link Stop} for a component that does not exist or a finding that is not there. */
export async function planFor(door: Door, path: string, options: PlanOptions): Promise<Planned> {
  const [{ components }, { planHardening }, { patchesOf }] = await Promise.all([
    import("../components/registry.ts"),
    import("../components/plan.ts"),
    import("../components/proof.ts"),
  ]);
  const unknown = (options.component ?? []).filter((id) => !components.some((component) => component.id === id));
  if (unknown.length > 0) {
    throw new Stop(
      `There is no component ${unknown.join(", ")}.`,
      `There are: ${components.map(({ id }) => id).join(", ")}.`,
      "`shoreup components` says what each is about.",
    );
  }
  const repo = await openTarget(path, door.progress);
  door.progress.stage("planning");
  const plan = await planHardening(repo, {
    ...cacheOf(options),
    ...(options.component === undefined ? {} : { components: options.component }),
    ...(options.finding === undefined ? {} : { findings: options.finding }),
  });
  const selected = plan.steps.flatMap((step) => step.findings);
  if (options.finding !== undefined && selected.length === 0) {
    throw new Stop(
      `No finding here is called ${options.finding.join(", ")}.`,
      "Ids such as F3 belong to one assessment and change with the source.",
      "`shoreup assess` lists the findings of today.",
    );
  }
  return { repo, plan, patches: patchesOf(plan) };
}
