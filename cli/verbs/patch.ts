/** `shoreup patch`: the unified diffs, on stdout for `git apply` or as files in a folder; or the briefs for what is left. */
import type { Command } from "commander";
import { briefMarkdown } from "../../prompts/brief.ts";
import { tasksOf } from "../../prompts/task.ts";
import { planAnswer } from "../../report/answers/plan.ts";
import { count } from "../../report/text/layout.ts";
import { printable, printableLines } from "../../analyzers/repo/printable.ts";
import { exitCodes } from "../exit-codes.ts";
import { outputFolder, writeBriefs, writePatchFiles } from "../patch-files.ts";
import { planFor, type PlanOptions, withSelection } from "../planning.ts";
import { answerJson, answerText, appCommand, type Door } from "../verb.ts";

interface Options extends PlanOptions {
  out?: string;
  briefs: boolean;
}

export function patch(door: Door): Command {
  return withSelection(
    appCommand("patch", "print the patches as unified diffs, or write them to a folder", ["text", "json"]),
  )
    .option("-o, --out <folder>", "write numbered .patch files there instead, and the briefs in briefs/")
    .option("--briefs", "print what no recipe writes as Markdown, one document per finding for a coding agent", false)
    .action(async (path: string, options: Options) => run(door, path, options));
}

async function run(door: Door, path: string, options: Options): Promise<void> {
  const { terminal } = door;
  const { repo, plan, patches } = await planFor(door, path, options);
  const tasks = plan.steps.flatMap((step) => tasksOf(step, repo));
  if (options.out !== undefined) {
    const folder = outputFolder(options.out, "");
    const files = writePatchFiles(folder, patches);
    writeBriefs(folder, tasks);
    door.progress.end();
    terminal.say(
      `${count(files.length, "patch", "patches")} and ${count(tasks.length, "brief")} in ${printable(folder)}`,
    );
  }
  if (options.format === "json") answerJson(door, planAnswer(plan, repo, true));
  else if (options.out === undefined && options.briefs) answerText(door, tasks.map(briefMarkdown).join("\n---\n\n"));
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
    for (const { where, why } of options.briefs ? [] : briefs)
      terminal.say(printable(`${component}: by hand at ${where.file}:${where.line}: ${why}`));
  }
  if (patches.length === 0) terminal.say("There is nothing to patch.");
  else if (options.briefs && tasks.length === 0) terminal.say("There is no brief: a recipe writes all of it.");
  door.finish(exitCodes.clean);
}
