/** `shoreup patch`: the unified diffs, on stdout for `git apply` or as files in a folder. */
import type { Command } from "commander";
import { planAnswer } from "../../report/answers/plan.ts";
import { count } from "../../report/text/layout.ts";
import { printable, printableLines } from "../../report/text/printable.ts";
import { exitCodes } from "../exit-codes.ts";
import { outputFolder, writePatchFiles } from "../patch-files.ts";
import { planFor, type PlanOptions, withSelection } from "../planning.ts";
import { answerJson, answerText, appCommand, type Door } from "../verb.ts";

interface Options extends PlanOptions {
  out?: string;
}

export function patch(door: Door): Command {
  return withSelection(
    appCommand("patch", "print the patches as unified diffs, or write them to a folder", ["text", "json"]),
  )
    .option("-o, --out <folder>", "write numbered .patch files there instead")
    .action(async (path: string, options: Options) => run(door, path, options));
}

async function run(door: Door, path: string, options: Options): Promise<void> {
  const { terminal } = door;
  const { repo, plan, patches } = await planFor(door, path, options);
  if (options.out !== undefined) {
    const folder = outputFolder(options.out, "");
    const files = writePatchFiles(folder, patches);
    door.progress.end();
    terminal.say(`${count(files.length, "patch", "patches")} in ${printable(folder)}`);
  }
  if (options.format === "json") answerJson(door, planAnswer(plan, repo, true));
  else if (options.out === undefined) {
    const diffs = patches.map((each) => each.diff).join("");
    answerText(door, terminal.screen ? printableLines(diffs) : diffs);
  }
  door.progress.end();
  for (const { component, outcome, briefs } of plan.steps) {
    if (outcome.kind === "conflict")
      terminal.say(
        `${component}: no patch, ${outcome.conflicts.map(({ file, reason }) => `${printable(file)}: ${reason}`).join("; ")}`,
      );
    for (const { where, why } of briefs)
      terminal.say(printable(`${component}: by hand at ${where.file}:${where.line}: ${why}`));
  }
  if (patches.length === 0) terminal.say("There is nothing to patch.");
  door.finish(exitCodes.clean);
}
