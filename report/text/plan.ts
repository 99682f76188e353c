/** The plan in the terminal: each step, what it changes, how carefully to read it, and what is left to a human. */
import type { PatchAnswer, PlanAnswer, StepAnswer } from "../answers/plan.ts";
import { type Canvas, count, hang } from "./layout.ts";
import { printableValue } from "../../analyzers/repo/printable.ts";

export function planText(raw: PlanAnswer, canvas: Canvas, next: string): string {
  const answer = printableValue(raw);
  const { paint } = canvas;
  const patches = answer.steps.filter((step) => step.outcome === "patch");
  const headline = `${paint.bold(count(patches.length, "patch", "patches"))} in this order`;
  const idle = answer.steps.filter((step) => step.outcome === "nothing" && step.briefs.length === 0);
  const busy = answer.steps.filter((step) => !idle.includes(step));
  const blocks = [
    busy.length > 0 ? headline : paint.green("Nothing to change: no finding has a patch or a brief."),
    ...busy.map((step, index) => stepBlock(step, index + 1, canvas)),
    idle.length > 0 ? paint.dim(`nothing to do: ${idle.map((step) => step.component).join(", ")}`) : "",
    busy.length > 0 ? paint.dim(`Next: ${next}`) : "",
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function stepBlock(step: StepAnswer, position: number, canvas: Canvas): string {
  const { paint, width } = canvas;
  const cured = step.patch?.findings ?? [];
  const lines = [hang(`${paint.bold(`${position}. ${step.component}`)}  `, step.reason, width, paint.dim)];
  if (cured.length > 0) lines.push(`   cures ${cured.join(" ")}`);
  if (step.patch !== null) lines.push(...patchLines(step.patch, canvas));
  for (const { file, reason } of step.conflicts) lines.push(`   ${paint.red("conflict")} ${file}: ${reason}`);
  if (step.outcome === "nothing" && step.why !== null) lines.push(`   ${step.why}`);
  lines.push(...briefLines(step, canvas));
  return lines.join("\n");
}

export function patchLines(patch: PatchAnswer, { paint, width }: Canvas): string[] {
  const sign = { added: paint.green("new"), changed: paint.yellow("mod"), removed: paint.red("del") };
  return [
    ...patch.files.map(
      ({ path, change, added, removed }) => `   ${sign[change]} ${path} ${paint.dim(`+${added} -${removed}`)}`,
    ),
    hang(`   review: ${patch.review.level}. `, patch.review.reason, width),
    ...(patch.services.length > 0 ? [`   needs: ${patch.services.join(", ")}`] : []),
    ...(patch.env.length > 0 ? [`   settings: ${patch.env.map((each) => each.name).join(", ")}`] : []),
    ...patch.notes.map((note) => hang("   ", note, width, paint.dim)),
  ];
}

export function briefLines({ briefs }: StepAnswer, { paint, width }: Canvas): string[] {
  return briefs.flatMap(({ findingId, where, why }) => [
    `   ${paint.yellow("by hand")} ${findingId} ${where.file}:${where.line}`,
    hang("      ", why, width),
  ]);
}
