/** What each component's state is in an app, and whether to add it now. */
import type { Model } from "../analyzers/model.ts";
import type { Component, Presence, Verdict } from "./component.ts";
import type { Finding } from "./finding.ts";
import type { Judgement } from "./findings.ts";
import { components as registered } from "./registry.ts";
import { hasPythonService, withoutPython } from "./without-python.ts";

export interface ComponentStatus extends Presence, Verdict {
  component: string;
  title: string;
  /** Findings of the default view that belong to it, best first. */
  findingIds: string[];
}

/** One status per component, in the registry's order. */
export function statuses(
  model: Model,
  judgement: Judgement,
  components: readonly Component[] = registered,
): ComponentStatus[] {
  return components.map((component) => statusOf(component, model, judgement));
}

function statusOf(component: Component, model: Model, judgement: Judgement): ComponentStatus {
  const own = judgement.findings.filter((finding) => finding.component === component.id);
  const names = { component: component.id, title: component.title, findingIds: own.map(({ id }) => id) };
  const failed = judgement.problems.some((problem) => problem.component === component.id && problem.place === null);
  try {
    const judged = component.judgesPython === "whole" ? model : withoutPython(model);
    const presence = judged === null ? nothingRead : component.presence(judged);
    const verdict =
      judged === null && own.length === 0 ? null : verdictOf(component, judged ?? model, presence, own, failed);
    return {
      ...names,
      ...presence,
      ...(judged === model && verdict !== null ? verdict : inPart(component, verdict, model)),
    };
  } catch (error) {
    const reason = `This part could not be judged: ${error instanceof Error ? error.message : String(error)}`;
    return { ...names, status: "absent", evidence: [], verdict: "unknown", reason, tripWire: null };
  }
}

const nothingRead: Presence = { status: "absent", evidence: [] };

/** What is said of one half of an app is no word on the whole, unless something was found. Null: there is no other half. */
function inPart({ judgesPython }: Component, verdict: Verdict | null, model: Model): Verdict {
  if (verdict !== null && (verdict.verdict === "add_now" || !hasPythonService(model))) return verdict;
  const said = judgesPython === "part" ? partly : unjudged;
  return {
    verdict: "unknown",
    reason: verdict === null ? said : `${said} Beside them: ${verdict.reason}`,
    tripWire: null,
  };
}

const unjudged = "Python services are not judged for this yet.";
const partly = "Python services are not judged for all of this yet, and nothing of the rest was found.";

function verdictOf(
  component: Component,
  model: Model,
  presence: Presence,
  own: readonly Finding[],
  failed: boolean,
): Verdict {
  const [first] = own;
  const areNotes = own.every(({ severity }) => severity === "note");
  if (first !== undefined && areNotes && presence.status === "in_effect")
    return { verdict: "in_place", reason: `${inPlaceReason(presence)}. ${asideOf(first, own.length)}`, tripWire: null };
  if (first !== undefined && areNotes && component.notesAreAsides === true) return aside(component, model, first, own);
  if (first !== undefined) return { verdict: "add_now", reason: foundReason(first, own.length), tripWire: null };
  if (failed)
    return { verdict: "unknown", reason: "Its detector failed on this app, so nothing can be said.", tripWire: null };
  if (presence.status === "in_effect") return { verdict: "in_place", reason: inPlaceReason(presence), tripWire: null };
  return component.whenQuiet(model);
}

/** What is small is said, and what would make the whole part worth it. */
function aside(component: Component, model: Model, first: Finding, own: readonly Finding[]): Verdict {
  const { verdict, reason, tripWire } = component.whenQuiet(model);
  const said = asideOf(first, own.length);
  return verdict === "not_yet" && tripWire !== null
    ? { verdict, reason: `Nothing calls for it beyond a small thing. ${said}`, tripWire }
    : { verdict, reason: `${said} ${reason}`, tripWire };
}

function asideOf(first: Finding, count: number): string {
  return `To mend where it stands: ${foundReason(first, count)}.`;
}

function foundReason(first: Finding, count: number): string {
  const others = count === 1 ? "" : ` (and ${count - 1} more)`;
  return `${first.title}: ${first.file}:${first.line}${others}`;
}

function inPlaceReason({ evidence: [seen] }: Presence): string {
  return seen === undefined
    ? "It is at work already"
    : `It is at work already: ${seen.note} (${seen.file}:${seen.line})`;
}
