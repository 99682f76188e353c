/** `shoreup apply`: writes the patches into the working tree, all or nothing, with a record that undoes them. */
import type { Command } from "commander";
import type { Plan } from "../../components/plan.ts";
import type { Patch } from "../../patches/edit.ts";
import { patchAnswer } from "../../report/answers/plan.ts";
import type { ApplyAnswer } from "../../report/answers/changes.ts";
import { head } from "../../report/answers/tool.ts";
import { applyText } from "../../report/text/changes.ts";
import { exitCodes } from "../exit-codes.ts";
import { planFor, type PlanOptions, withSelection } from "../planning.ts";
import { answerJson, answerText, appCommand, type Door } from "../verb.ts";
import { applyAll, type Written } from "../working-tree.ts";

interface Options extends PlanOptions {
  dryRun: boolean;
  lockfile: boolean;
}

export function apply(door: Door): Command {
  return withSelection(appCommand("apply", "write the patches into the working tree, all or nothing", ["text", "json"]))
    .option("-n, --dry-run", "say what would be written, write nothing", false)
    .option(
      "-l, --lockfile",
      "bring the lockfile into step, too: asks the app's own package manager and its registry",
      false,
    )
    .action(async (path: string, options: Options) => run(door, path, options));
}

async function run(door: Door, path: string, options: Options): Promise<void> {
  const { repo, plan, patches: planned } = await planFor(door, path, options);
  const patches = options.lockfile ? [...planned, ...(await locked(door, plan))] : planned;
  if (!options.dryRun) door.progress.stage("writing");
  const written: Written = options.dryRun ? { records: [], repaired: [] } : await applyAll(repo.root, patches);
  const answer: ApplyAnswer = {
    ...head,
    repo: { root: repo.root, commit: repo.commit },
    applied: written.records.length > 0,
    dryRun: options.dryRun,
    patches: patches.map((patch) => patchAnswer(patch, false)),
    files: [...new Set(patches.flatMap((patch) => patch.files.map((file) => file.path)))].sort(),
    repaired: written.repaired,
  };
  if (options.format === "json") answerJson(door, answer);
  else answerText(door, applyText(answer, door.terminal.canvas));
  door.finish(exitCodes.clean);
}

/** Loaded only when asked for: it brings the lab with it. */
async function locked(door: Door, plan: Plan): Promise<Patch[]> {
  const { lockfilePatches } = await import("../locking.ts");
  return lockfilePatches(door, plan);
}
