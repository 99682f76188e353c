/** From findings to ordered patches: each recipe works on the tree that the ones before it leave. */
import { createHash } from "node:crypto";
import { analyze } from "../analyzers/index.ts";
import type { Model } from "../analyzers/model.ts";
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Brief, Conflict, Patch } from "../patches/edit.ts";
import { makePatch } from "../patches/patch.ts";
import { templatesOf } from "../patches/templates.ts";
import type { Component } from "./component.ts";
import type { Finding } from "./finding.ts";
import { judge } from "./findings.ts";
import { inPlanOrder } from "./plan-order.ts";
import { components as registered } from "./registry.ts";

type Outcome =
  | { kind: "patch"; patch: Patch }
  /** There is nothing a recipe would change here; briefs may still say what to do by hand. */
  | { kind: "nothing"; reason: string }
  | { kind: "conflict"; conflicts: Conflict[] };

export interface PlanStep {
  component: string;
  title: string;
  /** Why the step stands where it stands. */
  reason: string;
  /** The findings the step was asked to cure, as they are on the tree it starts from. */
  findings: Finding[];
  outcome: Outcome;
  briefs: Brief[];
}

export interface Plan {
  /** Hash of the tree and of every step's patch: the same plan has the same id. */
  id: string;
  /** Hash of the tree the plan was made for. */
  base: string;
  steps: PlanStep[];
  briefs: Brief[];
  /** The tree with all patches applied, in memory. */
  after: Repo;
}

export interface PlanOptions {
  /** Component ids; all when left out. */
  components?: readonly string[];
  /** Finding ids (`F3`), fingerprints or rules; all findings when left out. */
  findings?: readonly string[];
  /** Where summaries are cached, null for nowhere; see `analyze`. */
  cacheFolder?: string | null;
  /** What there is to choose from; the registry when left out. */
  registry?: readonly Component[];
}

/** Never throws because of one component: a conflict or a failing recipe is that step's outcome, the others go on. */
export async function planHardening(repo: Repo, options: PlanOptions = {}): Promise<Plan> {
  const registry = options.registry ?? registered;
  const chosen = registry.filter(({ id }) => options.components?.includes(id) ?? true);
  let model = await modelOf(repo, options);
  const assessed = assessedOn(model, registry);
  const ids = new Map([...assessed].map(([fingerprint, { id }]) => [fingerprint, id]));
  const wanted = selection(ids, options.findings);
  const steps: PlanStep[] = [];
  for (const { component, reason, isDue, isLate } of inPlanOrder(chosen)) {
    const step = stepOf(component, reason, model, { wanted, ids, isDue, registry });
    if (isLate && step.step.findings.length === 0) continue;
    steps.push(onOriginal(step.step, assessed));
    if (step.after !== null) model = await modelOf(step.after, options);
  }
  const base = fingerprintOf(repo);
  const id = hash([
    base,
    ...steps.map((step) => (step.outcome.kind === "patch" ? step.outcome.patch.id : step.outcome.kind)),
  ]);
  return { id, base, steps, briefs: steps.flatMap((step) => step.briefs), after: model.repo };
}

/** The step of one component alone, on the tree as it is. Null when no component has this id. */
export async function patchFor(
  repo: Repo,
  component: string,
  options: Omit<PlanOptions, "components"> = {},
): Promise<PlanStep | null> {
  const { steps } = await planHardening(repo, { ...options, components: [component] });
  return steps.find(({ outcome }) => outcome.kind !== "nothing") ?? steps[0] ?? null;
}

function modelOf(repo: Repo, { cacheFolder }: PlanOptions): Promise<Model> {
  return analyze(repo, cacheFolder === undefined ? {} : { cacheFolder });
}

/** The findings of the tree as it lies there, by fingerprint: steps on later trees speak of the same ones. */
function assessedOn(model: Model, registry: readonly Component[]): Map<string, Finding> {
  const { findings, hidden, suppressed } = judge(model, registry);
  const all = [...findings, ...hidden, ...suppressed.map(({ finding }) => finding)];
  return new Map(all.map((finding) => [finding.fingerprint, finding]));
}

/** The step in the words of the assessment: lines of the user's files, not of a tree that earlier patches have moved. */
function onOriginal(step: PlanStep, assessed: ReadonlyMap<string, Finding>): PlanStep {
  const places = new Map(
    step.findings.map((finding) => [finding.id, { now: finding, was: assessed.get(finding.fingerprint) }]),
  );
  const briefs = step.briefs.map((brief) => {
    const { now, was } = places.get(brief.findingId) ?? {};
    const moved = was !== undefined && now?.file === brief.where.file && now.line === brief.where.line;
    return moved ? { ...brief, where: { file: was.file, line: was.line } } : brief;
  });
  const findings = step.findings.map((finding) => assessed.get(finding.fingerprint) ?? finding);
  const { outcome } = step;
  return {
    ...step,
    findings,
    briefs,
    outcome: outcome.kind === "patch" ? { kind: "patch", patch: { ...outcome.patch, briefs } } : outcome,
  };
}

/** Fingerprints and rules that are asked for; null = everything. */
function selection(
  ids: ReadonlyMap<string, string>,
  findings: readonly string[] | undefined,
): ReadonlySet<string> | null {
  if (findings === undefined) return null;
  const byId = [...ids].filter(([, id]) => findings.includes(id)).map(([fingerprint]) => fingerprint);
  return new Set([...findings, ...byId]);
}

interface StepOptions {
  /** Rules and fingerprints that are asked for; null = everything. */
  wanted: ReadonlySet<string> | null;
  /** Gains the ids of new findings. */
  ids: Map<string, string>;
  isDue: (rule: string) => boolean;
  registry: readonly Component[];
}

/** One component's step on one model; `after` is null when the tree stays as it is. */
export function stepOf(
  component: Component,
  reason: string,
  model: Model,
  options: Partial<StepOptions> = {},
): { step: PlanStep; after: Repo | null } {
  const { wanted = null, ids = new Map<string, string>(), isDue = () => true, registry = registered } = options;
  const { findings: shown, hidden } = judge(model, [component]);
  const all = (wanted === null ? shown : [...shown, ...hidden]).filter(({ rule }) => isDue(rule));
  const asked = all.filter(({ rule, fingerprint }) => wanted === null || wanted.has(rule) || wanted.has(fingerprint));
  const findings = asked.map((finding) => ({ ...finding, id: idIn(ids, finding) }));
  const step = { component: component.id, title: component.title, reason, findings, briefs: [] };
  const nothing = (why: string): { step: PlanStep; after: null } => ({
    step: { ...step, outcome: { kind: "nothing", reason: why } },
    after: null,
  });
  if (findings.length === 0) return nothing("Nothing was found that this part would cure.");
  if (component.recipe === undefined) return nothing("This part advises only; it has no recipe.");
  try {
    const draft = component.recipe(findings, model, templatesOf(component.folder), () => everyFinding(model, registry));
    return drafted(component, draft, step, model);
  } catch (error) {
    return nothing(
      `The recipe failed, which is our fault, not the app's: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Also what is only plausible, and what the authors live with. */
function everyFinding(model: Model, registry: readonly Component[]): Finding[] {
  const { findings, hidden, suppressed } = judge(model, registry, { baseline: false });
  return [...findings, ...hidden, ...suppressed.map(({ finding }) => finding)];
}

/** The known id, or the next free one for what an earlier step brought. */
function idIn(ids: Map<string, string>, { fingerprint }: Finding): string {
  const id = ids.get(fingerprint) ?? `F${ids.size + 1}`;
  ids.set(fingerprint, id);
  return id;
}

function drafted(
  component: Component,
  draft: ReturnType<NonNullable<Component["recipe"]>>,
  base: Omit<PlanStep, "outcome">,
  model: Model,
): { step: PlanStep; after: Repo | null } {
  const step = { ...base, briefs: draft.briefs };
  const making = makePatch(model.repo, { ...draft, component: component.id, title: component.title });
  if (making.kind === "patch")
    return { step: { ...step, outcome: { kind: "patch", patch: making.patch } }, after: making.after };
  if (making.kind === "conflict") return { step: { ...step, outcome: making }, after: null };
  const reason =
    draft.briefs.length > 0
      ? "It cannot be done safely by a recipe; see the briefs."
      : "The recipe leaves the app as it is.";
  return { step: { ...step, outcome: { kind: "nothing", reason } }, after: null };
}

function fingerprintOf(repo: Repo): string {
  return hash(repo.files.map((file) => `${file}\n${hash([repo.read(file) ?? ""])}`));
}

function hash(parts: readonly string[]): string {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(`${part}\n`);
  return sum.digest("hex").slice(0, 12);
}
