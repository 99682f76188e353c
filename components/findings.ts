/** Runs every detector over a model and gives what they say an identity, a rank and a place in the answer. */
import { createHash } from "node:crypto";
import type { Model, Place } from "../analyzers/model.ts";
import { answeringServices, isBesideTheProduct } from "../analyzers/serving/product.ts";
import { baselineFile, readBaseline } from "./baseline.ts";
import type { Component, Rule } from "./component.ts";
import type { Confidence, Finding, Match, Severity } from "./finding.ts";
import { components as registered } from "./registry.ts";
import { suppressionAt } from "./suppression.ts";
import { withoutPython } from "./without-python.ts";

/** Something that did not work out and that the reader should know of; never a reason to stop. */
interface Problem {
  component: string;
  place: Place | null;
  message: string;
}

export interface Judgement {
  /** The default view, best first, with ids `F1`, `F2`, ... */
  findings: Finding[];
  /** Plausible but unproven (`confidence: low`); their ids follow those of the default view. */
  hidden: Finding[];
  /** What the authors decided to live with: by a comment in the source, or in their baseline. */
  suppressed: { finding: Finding; reason: string }[];
  problems: Problem[];
}

/** The findings of the default view. */
export function findings(model: Model, components: readonly Component[] = registered): Finding[] {
  return judge(model, components).findings;
}

export interface JudgeOptions {
  /** False: what the repo's baseline knows is reported like everything else. */
  baseline?: boolean;
}

/** Everything the detectors say, suppressions and failures included. A detector that throws is a problem, not a crash. */
export function judge(
  model: Model,
  components: readonly Component[] = registered,
  options: JudgeOptions = {},
): Judgement {
  const problems: Problem[] = [];
  const known = options.baseline === false ? new Set<string>() : knownFindings(model, problems);
  const isBeside = besideFinder(model);
  const found = components
    .flatMap((component) => detected(component, model, problems))
    .map((each) => (isBeside(each) ? { ...each, confidence: "low" as const } : each));
  const ranked = identified(withoutEchoes(found)).sort(byRank);
  const judgement: Judgement = { findings: [], hidden: [], suppressed: [], problems };
  for (const finding of ranked) {
    const suppression = suppressionAt(model.repo, finding, finding.rule);
    if (suppression?.reason) judgement.suppressed.push({ finding, reason: suppression.reason });
    else if (known.has(finding.fingerprint)) judgement.suppressed.push({ finding, reason: `known in ${baselineFile}` });
    else (finding.confidence === "low" ? judgement.hidden : judgement.findings).push(finding);
    if (suppression !== null && suppression.reason === null) problems.push(withoutReason(finding, suppression));
  }
  const all = [...judgement.findings, ...judgement.hidden, ...judgement.suppressed.map(({ finding }) => finding)];
  for (const [index, finding] of all.entries()) finding.id = `F${index + 1}`;
  return judgement;
}

/** What stands in a sample, a demo or the documentation of a repo that has a product of its own: nobody's users reach it. */
function besideFinder(model: Model): (place: Place) => boolean {
  const beside = new Set(model.services.map(({ root }) => root).filter((root) => isBesideTheProduct(root)));
  if (beside.size === 0 || answeringServices(model).length === 0) return () => false;
  return ({ file }) => beside.has(model.service(file)?.root ?? "");
}

/** One matter is one finding: what another component says of the same call, as surely, is not said again. */
function withoutEchoes(found: readonly Finding[]): Finding[] {
  const said = new Set(found.flatMap(({ rule, call, confidence }) => (confidence === "low" ? [] : `${rule} ${call}`)));
  return found.filter(({ saidBy, call }) => saidBy === undefined || call === null || !said.has(`${saidBy} ${call}`));
}

function knownFindings(model: Model, problems: Problem[]): ReadonlySet<string> {
  const { known, problem } = readBaseline(model.repo);
  if (problem !== null)
    problems.push({ component: "baseline", place: { file: baselineFile, line: 1 }, message: problem });
  return known;
}

function withoutReason(finding: Finding, { file, line }: Place): Problem {
  const message = `The suppression of ${finding.rule} at ${file}:${line} does not count: add \`-- reason\` behind the rule.`;
  return { component: finding.component, place: { file, line }, message };
}

function detected(component: Component, model: Model, problems: Problem[]): Finding[] {
  const problem = (message: string): void => {
    problems.push({ component: component.id, place: null, message });
  };
  try {
    const judged = component.judgesPython === undefined ? withoutPython(model) : model;
    return (judged === null ? [] : component.detect(judged)).flatMap((match) => {
      const rule = component.rules.find(({ id }) => id === match.rule);
      if (rule !== undefined) return [finding(component, rule, match)];
      problem(`The ${component.id} detector spoke of ${match.rule}, which is none of its rules; left out.`);
      return [];
    });
  } catch (error) {
    problem(
      `The ${component.id} detector failed, its findings are missing: ${error instanceof Error ? error.message : String(error)}`,
    );
    return [];
  }
}

function finding(component: Component, rule: Rule, match: Match): Finding {
  return {
    ...match,
    id: "",
    component: component.id,
    severity: match.severity ?? rule.severity,
    title: match.title ?? rule.title,
    fingerprint: "",
  };
}

/**
 * Fingerprints: hash of rule, anchor and the ordinal among equals in source order, so that moved lines and renamed files
 * keep theirs. Equal matches at one place count once.
 */
function identified(found: readonly Finding[]): Finding[] {
  const ordinals = new Map<string, number>();
  const places = new Set<string>();
  return [...found].sort(byPlace).flatMap((finding) => {
    const place = JSON.stringify([finding.rule, finding.file, finding.line, finding.anchor, finding.call]);
    if (places.has(place)) return [];
    places.add(place);
    const key = `${finding.rule}\n${finding.anchor}`;
    const ordinal = ordinals.get(key) ?? 0;
    ordinals.set(key, ordinal + 1);
    const fingerprint = createHash("sha256").update(`${key}\n${ordinal}`).digest("hex").slice(0, 16);
    return [{ ...finding, fingerprint }];
  });
}

const severities: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };
const confidences: Readonly<Record<Confidence, number>> = { high: 0, medium: 1, low: 2 };

function byRank(a: Finding, b: Finding): number {
  return (
    severities[a.severity] - severities[b.severity] ||
    confidences[a.confidence] - confidences[b.confidence] ||
    b.routes.length - a.routes.length ||
    byPlace(a, b)
  );
}

function byPlace(a: Finding, b: Finding): number {
  return order(a.file, b.file) || a.line - b.line || order(a.rule, b.rule) || order(a.anchor, b.anchor);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
