/** The lab's verdicts in the terminal, with the numbers they rest on. */
import type { LabAnswer, VerdictAnswer, VerificationAnswer } from "../answers/verification.ts";
import { type Canvas, hang, pad } from "./layout.ts";
import { printableValue } from "../../analyzers/repo/printable.ts";

/** Of a boot that failed, so many of the last lines it printed. */
const LOG_LINES = 8;

export function verificationText(raw: VerificationAnswer, canvas: Canvas): string {
  return `${labText(printableValue(raw).lab, canvas)}\n`;
}

/** Expects printable values. */
export function labText(lab: LabAnswer, canvas: Canvas): string {
  const { paint } = canvas;
  const blocks = [
    `${paint.bold("proof")}: ${tally(lab.verdicts)}`,
    lab.verdicts.map((verdict) => verdictLines(verdict, canvas).join("\n")).join("\n"),
    bootTrouble(lab, canvas),
    conditions(lab, canvas),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** `5 improved, 1 unchanged`, best word first. */
export function tally(verdicts: readonly VerdictAnswer[]): string {
  const words: VerdictAnswer["verdict"][] = ["improved", "unchanged", "regressed", "broken", "inconclusive", "not-run"];
  const counted = words.map((word) => ({ word, times: verdicts.filter((each) => each.verdict === word).length }));
  const told = counted.filter(({ times }) => times > 0).map(({ word, times }) => `${times} ${inWords(word)}`);
  return told.length > 0 ? told.join(", ") : "no experiment fits these changes";
}

function inWords(word: VerdictAnswer["verdict"]): string {
  return word === "not-run" ? "not run" : word;
}

export function verdictLines({ verdict, title, reason, figures }: VerdictAnswer, { paint, width }: Canvas): string[] {
  const colour = {
    improved: paint.green,
    unchanged: paint.dim,
    regressed: paint.red,
    broken: paint.red,
    inconclusive: paint.yellow,
    "not-run": paint.dim,
  }[verdict];
  const indent = " ".repeat(16);
  const numbers = figures.map(
    ({ measure, unit, before, after }) => `${measure} ${spread(before)} → ${spread(after)} ${unit}`,
  );
  return [
    `  ${colour(pad(inWords(verdict), 12))}  ${title}`,
    ...[reason, ...numbers].filter((line) => line !== "").map((line) => hang(indent, line, width, paint.dim)),
  ];
}

/** Middle value, with lowest and highest when they differ. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, middle, high] = [sorted[0], sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)];
  if (low === undefined || middle === undefined || high === undefined) return "not measured";
  return low === high ? figure(middle) : `${figure(middle)} (${figure(low)}–${figure(high)})`;
}

function figure(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 100
    ? String(Math.round(value))
    : String(Number(value.toPrecision(3)));
}

function bootTrouble({ booted }: LabAnswer, { paint, width }: Canvas): string {
  const sides = [
    { name: "original", ...booted.before },
    { name: "patched", ...booted.after },
  ];
  return sides
    .filter((side) => !side.ok)
    .flatMap(({ name, reason, log }) => [
      hang(paint.red(`The ${name} app did not boot: `), reason ?? "", width),
      ...log.slice(-LOG_LINES).map((line) => paint.dim(`  | ${line}`)),
    ])
    .join("\n");
}

function conditions({ parts, outsideHosts, notDriven, notes, timings }: LabAnswer, { paint, width }: Canvas): string {
  const seconds = Object.values(timings).reduce((sum, each) => sum + each, 0);
  const undriven = notDriven.slice(0, 3).map(({ what, why }) => `${what} (${why})`);
  const more = notDriven.length > undriven.length ? `, and ${notDriven.length - undriven.length} more` : "";
  const facts = [
    ["ran on ", parts.length > 0 ? `${parts.join(", ")}, ${Math.round(seconds)} s` : ""],
    ["played by the lab: ", outsideHosts.join(", ")],
    ["no load on ", undriven.join(", ") + more],
    ...notes.map((note) => ["note: ", note] as const),
  ] as const;
  return facts
    .filter(([, text]) => text !== "")
    .map(([lead, text]) => hang(paint.dim(lead), text, width, paint.dim))
    .join("\n");
}
