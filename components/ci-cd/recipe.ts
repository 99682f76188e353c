/** Writes a workflow that installs from the lockfile and runs every check the app has. */
import { isMap, isSeq, parseDocument, type Document } from "yaml";
import type { Model } from "../../analyzers/model.ts";
import { nodeMajorOf } from "../../analyzers/services/toolchain.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./briefs.ts";
import { unshipped } from "./deploy.ts";
import { deployWorkflow, releaseValues } from "./deploy-workflow.ts";
import { databaseEnv, hasTests, needsDatabase, stepsOf } from "./steps.ts";
import { pythonBrief, pythonProjectBrief } from "./python.ts";
import { startScriptFor } from "./start-script.ts";
import { testStepFor } from "./untested.ts";
import { unitsOf, type Unit } from "./units.ts";

/** The second name where the first is taken by a pipeline that no change sets going. */
const workflows = [".github/workflows/ci.yml", ".github/workflows/checks.yml"] as const;

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const cured = findings.filter(({ rule }) => rule === "ci-cd/no-ci");
  const all = cured.length === 0 ? [] : unitsOf(model);
  const units = all.filter(({ language }) => language !== "python");
  const [python] = all.filter(({ language }) => language === "python");
  if (python !== undefined) return briefs(findings, python, units, model);
  const mended = findings.flatMap((finding) => {
    const edits = mendsFor(finding, model, templates);
    return edits === null ? [] : [{ ...finding, edits }];
  });
  const isMended = ({ id }: Finding): boolean => mended.some((each) => each.id === id);
  const pipeline: Edit[] =
    units.length === 0
      ? []
      : [
          {
            kind: "create",
            file: workflows[model.repo.has(workflows[0]) ? 1 : 0],
            text: workflowFor(units, model, templates("ci.yml")),
          },
        ];
  return {
    edits: [...pipeline, ...mended.flatMap(({ edits }) => edits)],
    briefs: findings.flatMap((finding) => (isMended(finding) ? [] : (briefFor(finding) ?? []))),
    fixes: [...cured, ...mended].map(({ id }) => id),
    review:
      mended.length === 0
        ? { level: "glance", reason: "Adds one workflow file; the app's code is untouched." }
        : { level: "read", reason: "Changes what runs for each change or release; the app's code is untouched." },
    services: [],
    env: [],
    notes: [...notesFor(units), ...mended.flatMap(({ rule }) => notesOn(rule))],
  };
}

function notesOn(rule: string): string[] {
  return rule === "ci-cd/no-deploy-pipeline"
    ? ["The deploy workflow says in its head what to set; until then it only says that nothing was deployed."]
    : [];
}

/** The edits of what is mended where it stands; null for other findings. */
function mendsFor({ rule, fix, anchor }: Finding, model: Model, templates: Templates): Edit[] | null {
  if (fix !== "patch") return null;
  switch (rule) {
    case "ci-cd/ci-does-not-test":
      return testStepFor(model);
    case "ci-cd/no-start-script":
      return startScriptFor(anchor, model);
    case "ci-cd/no-deploy-pipeline": {
      const hand = unshipped(model);
      const values = hand === null ? null : releaseValues(hand, model);
      return values === null ? null : [deployWorkflow(values, templates("deploy.yml"))];
    }
    default:
      return null;
  }
}

/** The recipe knows no Python: a workflow that left that half unchecked would only look like one. */
function briefs(findings: readonly Finding[], service: Unit, others: readonly Unit[], model: Model): Draft {
  return {
    edits: [],
    briefs: findings.flatMap((finding) => {
      const isPipeline = finding.rule === "ci-cd/no-ci" || finding.rule === "ci-cd/ci-does-not-test";
      if (isPipeline) return pythonBrief(finding, service, others, model);
      const isOwn = others.every(({ root }) => root === "." || !finding.file.startsWith(`${root}/`));
      return (isOwn ? pythonProjectBrief(finding, service) : null) ?? briefFor(finding) ?? [];
    }),
    fixes: [],
    review: { level: "glance", reason: "Nothing is written." },
    services: [],
    env: [],
    notes: [],
  };
}

/** The template holds one job; every unit gets a job of its own. */
function workflowFor(units: readonly Unit[], model: Model, template: string): string {
  const document = parseDocument(template);
  const jobs = document.get("jobs");
  if (isMap(jobs)) jobs.delete("check");
  for (const [index, unit] of units.entries()) {
    const name = units.length === 1 ? "check" : jobName(unit, index);
    document.setIn(["jobs", name], jobFor(unit, model, template));
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function jobName(unit: Unit, index: number): string {
  const name = unit.root.replaceAll(/[^\w-]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return /^[A-Za-z_]/.test(name) ? name : `check-${index + 1}`;
}

function jobFor(unit: Unit, model: Model, template: string): unknown {
  const document = parseDocument(template);
  const job = ["jobs", "check"];
  if (unit.root === ".") document.deleteIn([...job, "defaults"]);
  else document.setIn([...job, "defaults", "run", "working-directory"], unit.root);
  nameDatabase(document, job, unit);
  setNode(document, [...job, "steps", 1, "with"], unit, model);
  const steps = document.getIn([...job, "steps"]);
  if (isSeq(steps)) for (const step of stepsOf(unit, model)) steps.add(document.createNode(step));
  return document.getIn(job);
}

/** Leaves the template's database out, or puts its address under the name that the app reads. */
function nameDatabase(document: Document, job: string[], unit: Unit): void {
  const name = databaseEnv(unit);
  if (!needsDatabase(unit) || name === null) {
    document.deleteIn([...job, "services"]);
    document.deleteIn([...job, "env"]);
    return;
  }
  const address = document.getIn([...job, "env", "DATABASE_URL"]);
  document.setIn([...job, "env"], { [name]: address });
}

function setNode(document: Document, at: (string | number)[], unit: Unit, model: Model): void {
  const settings = document.getIn(at);
  if (!isMap(settings)) return;
  const versionFile = [".nvmrc", ".node-version"]
    .map((name) => (unit.root === "." ? name : `${unit.root}/${name}`))
    .find((file) => model.repo.has(file));
  const { major, honoured } = nodeMajorOf(unit);
  if (versionFile !== undefined && honoured) {
    settings.delete("node-version");
    settings.set("node-version-file", versionFile);
  } else {
    settings.set("node-version", major);
  }
  // The cache option needs the package manager before Node is set up, and a lockfile to key on; npm alone is there from the start.
  settings.delete("cache");
  if (unit.lockfile === null || (unit.packageManager ?? "npm") !== "npm") return;
  settings.set("cache", "npm");
  if (unit.lockfile !== "package-lock.json") settings.set("cache-dependency-path", unit.lockfile);
}

function notesFor(units: readonly Unit[]): string[] {
  return [
    "The workflow runs on GitHub Actions; on another host the same steps apply.",
    ...units
      .filter(({ lockfile }) => lockfile === null)
      .map(({ root }) => `There is no lockfile in ${root}, so every run may install other versions: commit one.`),
    ...units
      .filter((unit) => !hasTests(unit))
      .map(({ root }) => `There is no test script in ${root} that ends by itself, so the workflow runs none.`),
    ...(units.some(needsDatabase) ? ["The tests get an empty Postgres of their own for the run."] : []),
  ];
}
