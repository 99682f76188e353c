/** `shoreup harden`: all of it. Finds, patches, proves, and says where the patches lie. */
import { join } from "node:path";
import type { Command } from "commander";
import { patchesOf } from "../../components/proof.ts";
import { defaultStateFolder } from "../../patches/apply/record.ts";
import { tasksOf } from "../../prompts/task.ts";
import type { HardeningAnswer } from "../../report/answers/hardening.ts";
import { planAnswer } from "../../report/answers/plan.ts";
import { type LabAnswer, labAnswer, standingOf } from "../../report/answers/verification.ts";
import { hardeningText } from "../../report/text/hardening.ts";
import { exitCodes } from "../exit-codes.ts";
import { drafted } from "../drafting.ts";
import { outputFolder, writeBriefs, writePatchFiles } from "../patch-files.ts";
import { planFor, withSelection } from "../planning.ts";
import { experimentsFor, type ProofOptions, prove, withProofOptions } from "../proving.ts";
import { Stop } from "../stop.ts";
import { answerJson, answerText, appCommand, type Door } from "../verb.ts";
import { applyAll } from "../working-tree.ts";

interface Options extends ProofOptions {
  out?: string;
  apply: boolean;
  verify: boolean;
  draft: boolean;
}

export function harden(door: Door): Command {
  const command = appCommand("harden", "find, patch and prove: everything in one go", ["text", "json"]);
  return withProofOptions(withSelection(command))
    .option("-o, --out <folder>", "folder for the patches; one of Shoreup's own outside the app when left out")
    .option(
      "--apply",
      "also write the patches into the working tree, unless something got worse or nothing could be proven",
      false,
    )
    .option(
      "--draft",
      "have a model write what no recipe does (OPENAI_API_KEY; see README), and keep what passes every gate",
      false,
    )
    .option("--no-verify", "do not boot the app; nothing is proven then")
    .action(async (path: string, options: Options) => run(door, path, options));
}

async function run(door: Door, path: string, options: Options): Promise<void> {
  const began = performance.now();
  if (options.draft && !options.verify)
    throw new Stop(
      "A draft needs the lab.",
      "What a model writes becomes a patch only when the app was booted with it.",
      "Leave out --draft or --no-verify.",
    );
  const { repo, plan: written } = await planFor(door, path, options);
  const { plan, drafting } = options.draft
    ? await drafted(door, repo, written, options)
    : { plan: written, drafting: null };
  const patches = patchesOf(plan);
  const tasks = plan.steps.flatMap((step) => tasksOf(step, repo));
  const experiments = await experimentsFor(plan, options.experiment);
  const isWritten = patches.length > 0 || tasks.length > 0;
  const out = isWritten ? outputFolder(options.out, join(defaultStateFolder(), "patches", plan.id)) : null;
  const patchFiles = out === null ? [] : writePatchFiles(out, patches);
  if (out !== null) writeBriefs(out, tasks);
  const isProven = options.verify && patches.length > 0;
  const lab: LabAnswer | null = isProven ? labAnswer(await prove(door, repo, plan, experiments, options)) : null;
  const standing = lab === null ? "sound" : standingOf(lab);
  const applied = options.apply && standing === "sound" && patches.length > 0;
  if (applied) await applyAll(repo.root, patches);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const answer: HardeningAnswer = {
    ...planAnswer(plan, repo, false),
    drafting,
    out,
    patchFiles,
    applied,
    lab,
    seconds,
  };
  if (options.format === "json") answerJson(door, answer);
  else answerText(door, hardeningText(answer, door.terminal.canvas));
  door.finish(standing === "sound" ? exitCodes.clean : exitCodes.findings);
}
