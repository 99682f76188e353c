/** The part of a verb that takes a plan into the lab: both versions boot, the experiments of the patched components run. */
import { type Command, Option } from "commander";
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Plan } from "../components/plan.ts";
import type { Experiment, Scenario } from "../verify/experiment.ts";
import type { ScenarioReading } from "../verify/index.ts";
import type { Verification, VerifyRequest } from "../verify/verification.ts";
import { untilInterrupted } from "./interrupt.ts";
import type { PlanOptions } from "./planning.ts";
import { Stop } from "./stop.ts";
import { cacheOf } from "./target.ts";
import { type Door, listOption, positiveNumber } from "./verb.ts";

export interface ProofOptions extends PlanOptions {
  experiment?: string[];
  service?: string;
  budget?: number;
}

export function withProofOptions(command: Command): Command {
  return command
    .addOption(listOption("-e, --experiment <ids>", "only these experiments"))
    .option("-s, --service <name>", "the service to boot; the one with the most routes when left out")
    .addOption(
      new Option("-b, --budget <seconds>", "begin no further round after this time").argParser(positiveNumber),
    );
}

/** Experiments of the components that the plan patches. Throws {@link Stop} for one that does not exist. */
export async function experimentsFor(plan: Plan, wanted: readonly string[] | undefined): Promise<Experiment[]> {
  const [{ components }, { experimentsOf }] = await Promise.all([
    import("../components/registry.ts"),
    import("../components/proof.ts"),
  ]);
  const known = components.flatMap(({ experiments }) => experiments.map(({ id }) => id));
  const unknown = (wanted ?? []).filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw new Stop(
      `There is no experiment ${unknown.join(", ")}.`,
      `There are: ${known.join(", ")}.`,
      "`shoreup components` says what each one shows.",
    );
  return experimentsOf(plan).filter(({ id }) => wanted?.includes(id) ?? true);
}

/** Boots both versions and tries the experiments; an interrupt tears everything down first. */
export async function prove(
  door: Door,
  repo: Repo,
  plan: Plan,
  experiments: readonly Experiment[],
  options: ProofOptions,
): Promise<Verification> {
  const { proofOf } = await import("../components/proof.ts");
  door.progress.stage("proof, analyzing both versions");
  const proof = await proofOf(repo, plan, { experiments, ...cacheOf(options) });
  const { verify } = await import("../verify/index.ts");
  const asked = await labOptions(door, repo, options, "proof");
  return untilInterrupted(door, (signal) => verify({ ...proof, ...asked, signal }));
}

/** The part of a lab request that the command line decides. Throws {@link Stop} when the app's scenarios cannot be used. */
export async function labOptions(
  door: Door,
  repo: Repo,
  { service, budget }: ProofOptions,
  stage: string,
): Promise<Pick<VerifyRequest, "scenarios" | "on" | "service" | "budgetSeconds">> {
  const { readScenarios } = await import("../verify/index.ts");
  return {
    scenarios: scenariosOf(readScenarios(repo)),
    on: (step) =>
      door.progress.stage(
        `${stage}, ${step.stage}`,
        step.side === null ? step.message : `${step.side}: ${step.message}`,
      ),
    ...(service === undefined ? {} : { service }),
    ...(budget === undefined ? {} : { budgetSeconds: budget }),
  };
}

/** The app's own scenarios; null when it has none. Throws {@link Stop} when its file cannot be used. */
function scenariosOf(reading: ScenarioReading): readonly Scenario[] | null {
  if (reading.kind === "scenarios") return reading.scenarios;
  if (reading.kind === "absent") return null;
  throw new Stop(
    "The app's scenarios cannot be used.",
    `${reading.problems.slice(0, 5).join("; ")}.`,
    "Correct the file, or remove it to have scenarios derived from the routes.",
  );
}
