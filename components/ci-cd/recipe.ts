/** Writes a workflow that installs from the lockfile and runs every check the app has. */
import { isMap, isSeq, parseDocument, type Document } from "yaml";
import type { Model, Service } from "../../analyzers/model.ts";
import { nodeMajorOf } from "../../analyzers/services/toolchain.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { rootMost } from "./detect.ts";
import { databaseEnv, needsDatabase, stepsOf, testScriptOf } from "./steps.ts";

const workflow = ".github/workflows/ci.yml";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const service = rootMost(model.services);
  if (service === null || findings.length === 0) return nothing;
  return {
    edits: [{ kind: "create", file: workflow, text: workflowFor(service, model, templates("ci.yml")) }],
    briefs: [],
    fixes: findings.map(({ id }) => id),
    review: { level: "glance", reason: "Adds one workflow file; the app's code is untouched." },
    services: [],
    env: [],
    notes: notesFor(service),
  };
}

const nothing: Draft = {
  edits: [],
  briefs: [],
  fixes: [],
  review: { level: "glance", reason: "Nothing changes." },
  services: [],
  env: [],
  notes: [],
};

function workflowFor(service: Service, model: Model, template: string): string {
  const document = parseDocument(template);
  const job = ["jobs", "check"];
  if (service.root === ".") document.deleteIn([...job, "defaults"]);
  else document.setIn([...job, "defaults", "run", "working-directory"], service.root);
  nameDatabase(document, job, service);
  setNode(document, [...job, "steps", 1, "with"], service, model);
  const steps = document.getIn([...job, "steps"]);
  if (isSeq(steps)) for (const step of stepsOf(service, model)) steps.add(document.createNode(step));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Leaves the template's database out, or puts its address under the name that the app reads. */
function nameDatabase(document: Document, job: string[], service: Service): void {
  const name = databaseEnv(service);
  if (!needsDatabase(service) || name === null) {
    document.deleteIn([...job, "services"]);
    document.deleteIn([...job, "env"]);
    return;
  }
  const address = document.getIn([...job, "env", "DATABASE_URL"]);
  document.setIn([...job, "env"], { [name]: address });
}

function setNode(document: Document, at: (string | number)[], service: Service, model: Model): void {
  const settings = document.getIn(at);
  if (!isMap(settings)) return;
  const versionFile = [".nvmrc", ".node-version"]
    .map((name) => inRoot(service, name))
    .find((file) => model.repo.has(file));
  const { major, honoured } = nodeMajorOf(service);
  if (versionFile !== undefined && honoured) {
    settings.delete("node-version");
    settings.set("node-version-file", versionFile);
  } else {
    settings.set("node-version", major);
  }
  // The cache option needs the package manager before Node is set up, and a lockfile to key on; npm alone is there from the start.
  settings.delete("cache");
  if (service.lockfile === null || (service.packageManager ?? "npm") !== "npm") return;
  settings.set("cache", "npm");
  if (service.lockfile !== "package-lock.json") settings.set("cache-dependency-path", service.lockfile);
}

function notesFor(service: Service): string[] {
  return [
    "The workflow runs on GitHub Actions; on another host the same steps apply.",
    ...(service.lockfile === null
      ? ["There is no lockfile, so every run may install other versions: commit one."]
      : []),
    ...(testScriptOf(service) === null
      ? ["The app has no test script that ends by itself, so the workflow runs none."]
      : []),
    ...(needsDatabase(service) ? ["The tests get an empty Postgres of their own for the run."] : []),
  ];
}

function inRoot(service: Service, name: string): string {
  return service.root === "." ? name : `${service.root}/${name}`;
}
