/** `shoreup undo`: takes applied patches back, byte for byte, newest first. */
import { Argument, Command, Option } from "commander";
import type { UndoAnswer } from "../../report/answers/changes.ts";
import { head } from "../../report/answers/tool.ts";
import { undoText } from "../../report/text/changes.ts";
import { exitCodes } from "../exit-codes.ts";
import { Stop } from "../stop.ts";
import { folderAt } from "../target.ts";
import { answerJson, answerText, type Door, type Format, listOption } from "../verb.ts";
import { undoAll } from "../working-tree.ts";

interface Options {
  format: Format;
  patch?: string[];
}

export function undo(door: Door): Command {
  return new Command("undo")
    .description("take applied patches back, byte for byte")
    .addArgument(new Argument("[path]", "folder of the app").default("."))
    .addOption(listOption("-p, --patch <ids>", "only these, by patch id or component; all when left out"))
    .addOption(new Option("--format <format>", "form of the answer").choices(["text", "json"]).default("text"))
    .addOption(new Option("--json", "the same as --format json").implies({ format: "json" }))
    .action(async (path: string, options: Options) => run(door, path, options));
}

async function run(door: Door, path: string, { format, patch }: Options): Promise<void> {
  const root = folderAt(path);
  const { undone, left, problem } = await undoAll(
    root,
    (record) => patch === undefined || patch.includes(record.patch) || patch.includes(record.component),
  );
  if (undone.length === 0 && problem === null) {
    const applied = left.map((record) => `${record.component} (${record.patch})`).join(", ");
    const why = left.length === 0 ? "No patch of Shoreup's is recorded for this folder." : `Applied here: ${applied}.`;
    throw new Stop(
      `There is nothing to undo in ${root}.`,
      why,
      "Give the folder that `shoreup apply` was run on, or one of the patches named above.",
    );
  }
  const answer: UndoAnswer = {
    ...head,
    repo: { root },
    undone,
    left: left.map((record) => ({ patch: record.patch, component: record.component })),
  };
  if (format === "json") answerJson(door, answer);
  else answerText(door, undoText(answer, door.terminal.canvas));
  if (problem !== null)
    throw new Stop(
      "Not every patch was taken back.",
      problem,
      "Save or revert that change, then run `shoreup undo` again.",
    );
  door.finish(exitCodes.clean);
}
