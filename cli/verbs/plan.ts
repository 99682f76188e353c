/** `shoreup plan`: the ordered patches and what they would change; nothing is written. */
import type { Command } from "commander";
import { planAnswer } from "../../report/answers/plan.ts";
import { quoted } from "../../report/text/layout.ts";
import { printable } from "../../analyzers/repo/printable.ts";
import { planText } from "../../report/text/plan.ts";
import { exitCodes } from "../exit-codes.ts";
import { planFor, type PlanOptions, withSelection } from "../planning.ts";
import { answerJson, answerText, appCommand, type Door } from "../verb.ts";

export function plan(door: Door): Command {
  return withSelection(
    appCommand("plan", "say which patches would be made, in which order and why", ["text", "json"]),
  ).action(async (path: string, options: PlanOptions) => {
    const made = await planFor(door, path, options);
    const answer = planAnswer(made.plan, made.repo, false);
    if (options.format === "json") answerJson(door, answer);
    else answerText(door, planText(answer, door.terminal.canvas, nextAfter(path)));
    door.finish(exitCodes.clean);
  });
}

function nextAfter(path: string): string {
  const target = quoted(printable(path));
  return `shoreup harden ${target} proves them, shoreup apply ${target} writes them`;
}
