/** Finds outside work that a user waits for, and outside work that a restart loses. */
import type { Model, Reach } from "../../analyzers/model.ts";
import type { Confidence, Match } from "../finding.ts";
import { obstacleTo } from "./services.ts";
import { plansFor } from "./plan-moves.ts";
import { workOf } from "./work.ts";
import type { Work } from "./work.ts";

export function detect(model: Model): Match[] {
  return workOf(model).flatMap((work) => {
    const { use, kind, waiting, detached } = work;
    const rule = ruleFor(work);
    if (rule === null) return [];
    const ways = rule === detachedRule ? detached : waiting;
    const [first] = ways;
    if (first === undefined) return [];
    return [
      {
        rule,
        file: use.call.file,
        line: use.call.line,
        confidence: confidenceOf(use.certainty, ways),
        message: rule === detachedRule ? letGo(kind, ways) : waitedFor(kind, ways),
        also: [],
        routes: ways.map(({ entry }) => entry.label),
        path: first.path,
        call: use.call.id,
        anchor: `${use.api} in ${model.fn(use.call.fn)?.name ?? "a function"}`,
        fix: isPatchable(work, model) ? "patch" : "brief",
      } satisfies Match,
    ];
  });
}

const detachedRule = "queue/detached-background-work";

/** Mail and model calls are worth a queue when the user waits for them; anything that is let go can be lost. */
function ruleFor({ kind, waiting, detached }: Work): string | null {
  if (waiting.length > 0 && kind === "mail") return "queue/mail-in-request";
  if (waiting.length > 0 && kind === "model") return "queue/llm-call-in-request";
  return waiting.length === 0 && detached.length > 0 ? detachedRule : null;
}

function isPatchable(work: Work, model: Model): boolean {
  return obstacleTo(model, work.use.call.file) === null && plansFor(work, model).obstacle === null;
}

function confidenceOf(certainty: "proven" | "inferred", ways: readonly Reach[]): Confidence {
  return certainty === "proven" && ways.some((reach) => reach.certainty === "proven") ? "high" : "medium";
}

const outside: Readonly<Record<Work["kind"], string>> = {
  mail: "the mail server has taken the mail",
  model: "the model has written its answer, usually seconds",
  push: "the push service has answered",
  image: "the image is processed",
  pdf: "the PDF is made",
  http: "the other service has answered",
};

function waitedFor(kind: Work["kind"], ways: readonly Reach[]): string {
  return `${routesIn(ways)} answers only when ${outside[kind]}: while it is slow or down, so is this request.`;
}

const lost: Readonly<Record<Work["kind"], string>> = {
  mail: "mail",
  model: "model call",
  push: "notification",
  image: "image",
  pdf: "PDF",
  http: "request to the other service",
};

function letGo(kind: Work["kind"], ways: readonly Reach[]): string {
  return `${routesIn(ways)} answers while this ${lost[kind]} is still under way: a restart or a failure loses it, and nobody tries again.`;
}

function routesIn(ways: readonly Reach[]): string {
  const labels = [...new Set(ways.map(({ entry }) => entry.label))];
  const [first = "A route"] = labels;
  return labels.length < 2 ? first : `${first} (and ${labels.length - 1} more)`;
}
