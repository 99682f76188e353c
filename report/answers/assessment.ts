/** `assess`: what the app is, what was found, and what it needs now, as one stable value. */
import { z } from "zod";
import type { Model } from "../../analyzers/model.ts";
import type { ComponentStatus } from "../../components/assess.ts";
import type { Finding } from "../../components/finding.ts";
import type { Judgement } from "../../components/findings.ts";
import { Head, head, Place, RepoFields } from "./tool.ts";

const ServiceAnswer = z.object({
  name: z.string(),
  root: z.string(),
  language: z.enum(["typescript", "javascript", "python"]),
  frameworks: z.array(z.object({ name: z.string(), version: z.string().nullable() })),
  packageManager: z.enum(["npm", "pnpm", "yarn", "bun", "pip", "poetry", "uv", "pipenv"]).nullable(),
  entry: z.array(z.string()),
  start: z.string().nullable(),
  build: z.string().nullable(),
  port: z.object({ value: z.int().nullable(), source: z.string() }),
  nodeVersion: z.string().nullable(),
});

export const FindingAnswer = z.object({
  id: z.string(),
  rule: z.string(),
  component: z.string(),
  severity: z.enum(["error", "warning", "note"]),
  confidence: z.enum(["high", "medium", "low"]),
  title: z.string(),
  message: z.string(),
  file: z.string(),
  line: z.int(),
  also: z.array(Place),
  routes: z.array(z.string()),
  path: z.array(Place.extend({ label: z.string() })),
  fingerprint: z.string(),
  fix: z.enum(["patch", "brief", "none"]),
});
export type FindingAnswer = z.infer<typeof FindingAnswer>;

const ComponentAnswer = z.object({
  component: z.string(),
  status: z.enum(["in_effect", "present", "absent"]),
  evidence: z.array(Place.extend({ note: z.string() })),
  verdict: z.enum(["add_now", "not_yet", "in_place", "not_applicable", "unknown"]),
  reason: z.string(),
  tripWire: z.string().nullable(),
  findingIds: z.array(z.string()),
});

export const Assessment = Head.extend({
  repo: RepoFields.extend({ files: z.int(), bytes: z.int() }),
  services: z.array(ServiceAnswer),
  deploy: z.array(z.object({ target: z.string(), evidence: Place })),
  routes: z.array(
    z.object({ method: z.string(), path: z.string(), file: z.string(), line: z.int(), service: z.string() }),
  ),
  components: z.array(ComponentAnswer),
  findings: z.array(FindingAnswer),
  suppressed: z.array(Place.extend({ rule: z.string(), reason: z.string() })),
  problems: z.array(z.object({ component: z.string(), message: z.string() })),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  timings: z.record(z.string(), z.number()),
});
export type Assessment = z.infer<typeof Assessment>;

/** Puts the model, what was found in it and the state of each component together; `hidden` adds what is plausible but unproven. */
export function assessment(
  model: Model,
  judgement: Judgement,
  statuses: readonly ComponentStatus[],
  options: { hidden?: boolean } = {},
): Assessment {
  const { repo } = model;
  const findings = options.hidden === true ? [...judgement.findings, ...judgement.hidden] : judgement.findings;
  return {
    ...head,
    repo: { root: repo.root, commit: repo.commit, files: repo.files.length, bytes: repo.bytes },
    services: model.services.map(serviceAnswer),
    deploy: model.deploy.map(({ target, evidence }) => ({
      target,
      evidence: { file: evidence.file, line: evidence.line },
    })),
    routes: model.routes.map(({ method, path, file, line, service }) => ({ method, path, file, line, service })),
    components: statuses.map(componentAnswer),
    findings: findings.map(findingAnswer),
    suppressed: judgement.suppressed.map(({ finding: { rule, file, line }, reason }) => ({ rule, file, line, reason })),
    problems: judgement.problems.map(({ component, message }) => ({ component, message })),
    skipped: leftOut(model),
    timings: model.timings,
  };
}

/** What the model skipped, each file and reason once. */
function leftOut({ skipped }: Model): Assessment["skipped"] {
  const all = skipped.map(({ file, reason }) => ({ file, reason }));
  return [...new Map(all.map((each) => [`${each.file}\n${each.reason}`, each])).values()];
}

function serviceAnswer(service: Model["services"][number]): z.infer<typeof ServiceAnswer> {
  const { name, root, language, frameworks, packageManager, entry, start, build, port, nodeVersion } = service;
  return {
    name,
    root,
    language,
    frameworks,
    packageManager,
    entry,
    start,
    build,
    port: { value: port.value, source: port.source },
    nodeVersion,
  };
}

function componentAnswer(state: ComponentStatus): z.infer<typeof ComponentAnswer> {
  const { component, status, verdict, reason, tripWire, findingIds } = state;
  const evidence = state.evidence.map(({ file, line, note }) => ({ file, line, note }));
  return { component, status, evidence, verdict, reason, tripWire, findingIds: [...findingIds] };
}

export function findingAnswer(finding: Finding): FindingAnswer {
  const { id, rule, component, severity, confidence, title, message, file, line, routes, fingerprint, fix } = finding;
  const also = finding.also.map((place) => ({ file: place.file, line: place.line }));
  const path = finding.path.map((step) => ({ file: step.file, line: step.line, label: step.label }));
  return {
    id,
    rule,
    component,
    severity,
    confidence,
    title,
    message,
    file,
    line,
    also,
    routes: [...routes],
    path,
    fingerprint,
    fix,
  };
}
