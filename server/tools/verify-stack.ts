/** `verify_stack`: boots the app before and after the patch, puts load and faults on both, and compares. */
import { z } from "zod";
import { openRepo } from "../../analyzers/repo/disk.ts";
import { experimentsOf, proofOf } from "../../components/proof.ts";
import { readScenarios, verify } from "../../verify/index.ts";
import { awaitNews, RunAnswer, runAnswer } from "../report-run.ts";
import { waitSeconds } from "../shapes.ts";
import { defineTool, Refusal } from "../tool.ts";

export const verifyStack = defineTool({
  name: "verify_stack",
  title: "Prove the patch under load",
  description:
    "Boots copies of the app before and after a plan or patch on this machine (installs, builds and RUNS THE APP'S CODE; outside hosts are answered by the lab), puts the same load and faults on both, and gives a verdict per experiment. Takes minutes: answers with a runId when it is not done within waitSeconds.",
  input: z.strictObject({
    planId: z.string().optional(),
    patchId: z.string().optional(),
    experiments: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("Only these experiments; default all of the patched components."),
    waitSeconds,
  }),
  output: RunAnswer,
  effect: "runs",
  async handle({ planId, patchId, experiments: wanted, waitSeconds: seconds }, { session, signal, progress }) {
    if ((planId === undefined) === (patchId === undefined)) {
      throw new Refusal(
        "Exactly one of planId and patchId is needed.",
        "Send the planId of plan_hardening or the patchId of generate_patch.",
      );
    }
    const { root, plan } = patchId === undefined ? session.plans.get(planId ?? "") : session.patches.get(patchId);
    const known = experimentsOf(plan);
    const unknown = (wanted ?? []).filter((id) => !known.some((experiment) => experiment.id === id));
    if (unknown.length > 0)
      throw new Refusal(
        `This plan has no experiment ${unknown.join(", ")}.`,
        `It has: ${known.map(({ id }) => id).join(", ")}.`,
      );
    const repo = openRepo(root);
    const reading = readScenarios(repo);
    if (reading.kind === "wrong")
      throw new Refusal(
        `The app's scenarios cannot be used: ${reading.problems.slice(0, 3).join("; ")}.`,
        "Correct shoreup.config.json, or remove it to have scenarios derived from the routes.",
      );
    const run = session.runs.start(async (cancelled, say) => {
      say("analyzing");
      const experiments = known.filter(({ id }) => wanted?.includes(id) ?? true);
      return verify({
        ...(await proofOf(repo, plan, { experiments })),
        scenarios: reading.kind === "scenarios" ? reading.scenarios : null,
        on: ({ stage, side, message }) => say(`${stage}${side === null ? "" : ` ${side}`}: ${message}`),
        signal: cancelled,
      });
    });
    await awaitNews(run, seconds, signal, progress);
    return runAnswer(run);
  },
});
