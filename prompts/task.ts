/** A brief with all that is needed to act on it alone: what was found, where, what may be touched, and how to tell that it is done. */
import type { Place } from "../analyzers/model.ts";
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Finding } from "../components/finding.ts";
import type { PlanStep } from "../components/plan.ts";
import type { Brief } from "../patches/edit.ts";
import { checksFor, type Check } from "./checks.ts";
import { excerptsOf, type Excerpt } from "./excerpts.ts";
import { touchable, type Touchable } from "./touchable.ts";

export interface Task {
  component: string;
  finding: Finding;
  brief: Brief;
  excerpts: readonly Excerpt[];
  touchable: Touchable;
  /** Commands that tell whether it is done, each with what it should come to. */
  checks: readonly Check[];
}

/** Lines shown before and after each place. */
const around = 4;

/** The tasks of a step; its places are those of `repo`, the tree as it lies there. */
export function tasksOf({ component, findings, briefs }: PlanStep, repo: Repo): Task[] {
  return briefs.flatMap((brief) => {
    const finding = findings.find(({ id }) => id === brief.findingId);
    return finding === undefined ? [] : [taskOf(component, finding, brief, findings, repo)];
  });
}

function taskOf(component: string, finding: Finding, brief: Brief, among: readonly Finding[], repo: Repo): Task {
  const places = placesOf(finding, brief);
  return {
    component,
    finding,
    brief,
    excerpts: excerptsOf(repo, places, around),
    touchable: touchable(repo, component, places),
    checks: checksFor(repo, lastAlike(finding, among).fingerprint, brief.where.file),
  };
}

/** Everything the finding names, the place of the brief first. */
export function placesOf(finding: Finding, brief: Brief): Place[] {
  return [brief.where, ...finding.path, ...finding.also].map(({ file, line }) => ({ file, line }));
}

/** Of several that are alike in one function, curing any leaves one fewer: the last one's fingerprint is then gone. */
function lastAlike(finding: Finding, among: readonly Finding[]): Finding {
  const alike = among.filter(({ rule, anchor }) => rule === finding.rule && anchor === finding.anchor);
  return alike.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)).at(-1) ?? finding;
}
