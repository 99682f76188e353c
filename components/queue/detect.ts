/** Finds work that a user waits for, work that a restart loses, and work that nobody does. */
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Model, Reach } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { Confidence, Match } from "../finding.ts";
import { onePerCall } from "../one-per-call.ts";
import { besidePython } from "../without-python.ts";
import { casesOf, detachedRule } from "./cases.ts";
import type { Case } from "./cases.ts";
import { heavyWork } from "./heavy-cpu.ts";
import { longWork } from "./long-work.ts";
import { mediaInRequests } from "./media.ts";
import { outsideCalls } from "./outside-http.ts";
import { isCountedOn, isMeant } from "./meant.ts";
import { planFor } from "./plan-moves.ts";
import { lossesOf } from "./same-loss.ts";
import { obstacleTo } from "./services.ts";
import { routesIn } from "./words.ts";
import type { Work } from "./work.ts";
import { heavyProcessors } from "./processors.ts";
import { workerMatches } from "./workers.ts";

export function detect(model: Model): Match[] {
  const cases = casesOf(model);
  const isMovable = ({ call, works }: Case): boolean =>
    obstacleTo(model, call.file) === null && planFor(works, model).obstacle === null;
  // What a patch moves is moved call by call; the rest is told once.
  const told = cases.filter((found) => found.rule === detachedRule && !isMovable(found));
  return onePerCall([
    ...onePerBranching(
      cases.filter((found) => !told.includes(found)).map((found) => matchFor(found, model)),
      model,
    ),
    ...lossesOf(told, model).map((loss) => {
      const match = matchFor(loss, model);
      return { ...match, also: [...loss.elsewhere, ...match.also] };
    }),
    ...besidePython(model, (half) => [
      ...mediaInRequests(half),
      ...outsideCalls(half),
      ...longWork(half),
      ...heavyWork(half),
      ...workerMatches(half),
      ...heavyProcessors(half),
    ]),
  ]);
}

/** The branches of one Python function (a mail by one port or the other) are one matter; elsewhere a patch moves each call. */
function onePerBranching(matches: readonly Match[], model: Model): Match[] {
  const first = new Map<string, Match>();
  return matches.flatMap((match) => {
    const fn = match.call === null || !isPython(match.file) ? undefined : model.call(match.call)?.fn;
    const known = fn === undefined ? undefined : first.get(`${match.rule} ${fn}`);
    if (known !== undefined) {
      known.also.push({ file: match.file, line: match.line });
      return [];
    }
    const own = { ...match, also: [...match.also] };
    if (fn !== undefined) first.set(`${match.rule} ${fn}`, own);
    return [own];
  });
}

function matchFor(found: Case, model: Model): Match {
  const { rule, call, works, ways } = found;
  const sinks = works.map(({ use }) => use);
  const [first] = works;
  const kind = first?.kind ?? "mail";
  const isLetGo = rule === detachedRule;
  return {
    rule,
    file: call.file,
    line: call.line,
    ...(isLetGo && isMeant(call, model) ? { severity: "note" as const } : {}),
    confidence: isLetGo && !isCountedOn(found, model) ? "low" : confidenceOf(found),
    message: isLetGo ? letGo(kind, ways, isCutOff(model, call.file)) : waitedFor(kind, ways),
    also: sinks.filter((use) => use.call.id !== call.id).map((use) => ({ file: use.call.file, line: use.call.line })),
    routes: [...new Set(ways.map(({ entry }) => entry.label))],
    path: ways[0]?.path ?? [],
    call: call.id,
    anchor: `${first?.use.api ?? ""} in ${model.fn(call.fn)?.name ?? "a function"}`,
    fix: obstacleTo(model, call.file) === null && planFor(works, model).obstacle === null ? "patch" : "brief",
  };
}

function confidenceOf({ works, ways }: Case): Confidence {
  const isProven =
    works.some(({ use }) => use.certainty === "proven") && ways.some((way) => way.certainty === "proven");
  return isProven ? "high" : "medium";
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

/** Hosts that run functions stop them when they have answered. */
function isCutOff(model: Model, file: string): boolean {
  const service = model.service(file);
  return service !== null && isServerless(model, service);
}

function letGo(kind: Work["kind"], ways: readonly Reach[], cutsOff: boolean): string {
  if (cutsOff)
    return `${routesIn(ways)} answers while this ${lost[kind]} is still under way, and the host stops the function once it has answered: it may never be done, and nobody tries again.`;
  return `${routesIn(ways)} answers while this ${lost[kind]} is still under way: a restart or a failure loses it, and nobody tries again.`;
}
