/** What `apply` wrote and `undo` took back, in the terminal. */
import type { ApplyAnswer, UndoAnswer } from "../answers/changes.ts";
import { type Canvas, count, quoted } from "./layout.ts";
import { patchLines } from "./plan.ts";
import { printableValue } from "../../analyzers/repo/printable.ts";

export function applyText(raw: ApplyAnswer, canvas: Canvas): string {
  const { patches, files, applied, dryRun, repaired, repo } = printableValue(raw);
  const { paint } = canvas;
  const services = [...new Set(patches.flatMap((patch) => patch.services))];
  const env = [...new Set(patches.flatMap((patch) => patch.env.map((each) => each.name)))];
  const headline = applied
    ? paint.green(`${count(patches.length, "patch", "patches")} applied, ${count(files.length, "file")} written.`)
    : dryRun
      ? `${count(patches.length, "patch", "patches")} would change ${count(files.length, "file")}; nothing was written.`
      : "There was nothing to patch.";
  const blocks = [
    ...repaired.map((title) =>
      paint.yellow(`An interrupted run had left "${title}" half done; it was rolled back first.`),
    ),
    headline,
    ...patches.map((patch) => [paint.bold(patch.component), ...patchLines(patch, canvas)].join("\n")),
    ...(services.length > 0 ? [`New services: ${services.join(", ")}`] : []),
    ...(env.length > 0 ? [`Settings to fill in: ${env.join(", ")}`] : []),
    ...(applied
      ? [
          paint.dim(
            `Next: install the dependencies, run the tests. shoreup undo ${quoted(repo.root)} takes it all back.`,
          ),
        ]
      : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

export function undoText(raw: UndoAnswer, { paint }: Canvas): string {
  const { undone, left } = printableValue(raw);
  const lines = [
    ...undone.map(
      ({ component, files }) => `${paint.green("undone")} ${component}: ${count(files.length, "file")} as before`,
    ),
    ...left.map(({ component, patch }) => paint.dim(`still applied: ${component} (${patch})`)),
  ];
  return `${lines.join("\n")}\n`;
}
