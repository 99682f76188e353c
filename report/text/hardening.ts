/** The end of `harden`: one table of findings, patches and verdicts, where the patches lie, and what is left to a human. */
import type { DraftingAnswer, HardeningAnswer } from "../answers/hardening.ts";
import type { StepAnswer } from "../answers/plan.ts";
import { type Canvas, clip, clipPath, count, hang, quoted, table } from "./layout.ts";
import { briefLines } from "./plan.ts";
import { printableValue } from "../../analyzers/repo/printable.ts";
import { labText, tally, verdictLines } from "./verification.ts";

export function hardeningText(raw: HardeningAnswer, canvas: Canvas): string {
  const answer = printableValue(raw);
  const { paint } = canvas;
  const patched = answer.steps.filter((step) => step.patch !== null);
  const findings = answer.steps.reduce((sum, step) => sum + step.findings.length, 0);
  const headline = `${count(findings, "finding")}, ${count(patched.length, "patch", "patches")}, ${answer.lab === null ? "nothing measured" : tally(answer.lab.verdicts)}`;
  const blocks = [
    ...answer.steps
      .filter((step) => step.findings.length > 0 || step.patch !== null || step.briefs.length > 0)
      .map((step) => stepBlock(step, answer, canvas)),
    answer.drafting === null ? "" : draftingLines(answer.drafting, canvas).join("\n"),
    answer.lab === null ? "" : labText({ ...answer.lab, verdicts: [] }, canvas).replace(/^.*?\n\n/, ""),
    `${paint.bold(headline)}${paint.dim(` in ${Math.round(answer.seconds)} s`)}`,
    closing(answer),
  ];
  return `${blocks.filter((block) => block.trim() !== "").join("\n\n")}\n`;
}

function stepBlock(step: StepAnswer, answer: HardeningAnswer, canvas: Canvas): string {
  const { paint, width } = canvas;
  const rows = step.findings.map(({ id, severity, file, line, title, routes }) => [
    `  ${id}`,
    severity,
    clipPath(`${file}:${line}`, 40),
    `${title}${routes[0] === undefined ? "" : ` (${routes[0]})`}`,
  ]);
  const isFirst = answer.steps.find(({ component }) => component === step.component) === step;
  const verdicts = isFirst ? (answer.lab?.verdicts.filter(({ component }) => component === step.component) ?? []) : [];
  return [
    `${paint.bold(step.component)}  ${patchSummary(step, answer, canvas)}`,
    ...table(rows).map((row) => clip(row, width)),
    ...verdicts.flatMap((verdict) =>
      verdictLines({ ...verdict, figures: verdict.reason === "" ? verdict.figures : [] }, canvas),
    ),
    ...briefLines(step, canvas),
  ].join("\n");
}

function draftingLines({ model, why, drafts, left }: DraftingAnswer, { paint, width }: Canvas): string[] {
  if (model === null) return [hang(`${paint.bold("drafts")}  `, `None was made. ${why ?? ""}`, width, paint.yellow)];
  const passed = drafts.filter(({ outcome }) => outcome === "patch").length;
  const more = left === 0 ? "" : `; ${count(left, "further brief")} left, --finding names one`;
  return [
    `${paint.bold("drafts")}  ${passed} of ${drafts.length} by ${model} passed every gate${more}`,
    ...drafts.map((draft) =>
      draft.outcome === "patch"
        ? `  ${paint.green("passed")} ${draft.finding} ${draft.rule}: read every line before you merge it`
        : hang(
            `  ${paint.yellow("refused")} ${draft.finding} `,
            `${draft.rule}, at "${draft.gate ?? ""}": ${draft.why ?? ""}`,
            width,
          ),
    ),
  ];
}

function patchSummary({ patch, why }: StepAnswer, { patchFiles }: HardeningAnswer, { paint }: Canvas): string {
  if (patch === null) return paint.yellow(why ?? "no patch");
  const added = patch.files.reduce((sum, file) => sum + file.added, 0);
  const removed = patch.files.reduce((sum, file) => sum + file.removed, 0);
  const name = patchFiles.find((each) => each.patch === patch.id)?.file ?? patch.id;
  return `${paint.cyan(name)} ${paint.dim(`${count(patch.files.length, "file")} +${added} -${removed}, review: ${patch.review.level}`)}`;
}

function closing({ out, applied, repo, patchFiles }: HardeningAnswer): string {
  if (patchFiles.length === 0)
    return out === null
      ? "There was nothing to patch."
      : `There was nothing to patch; the briefs lie in ${out}/briefs.`;
  const where = out === null ? "" : `The patches lie in ${out}. `;
  return applied
    ? `${where}They are applied to ${repo.root}; \`shoreup undo ${quoted(repo.root)}\` takes them back.`
    : `${where}Your files are untouched; \`shoreup apply ${quoted(repo.root)}\` applies them.`;
}
