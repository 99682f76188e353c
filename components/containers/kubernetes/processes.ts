/** Processes beside the web one that no manifest starts: their work is never done. */
import { parseAllDocuments } from "yaml";
import { manifestsOf, type Manifest } from "../../../analyzers/deployment/manifests.ts";
import type { Model, Service } from "../../../analyzers/model.ts";
import { record } from "../../../analyzers/services/container-files.ts";
import { escaped } from "../../../analyzers/code/text.ts";
import type { Edit } from "../../../patches/edit.ts";
import { spliced } from "../../../patches/splice.ts";
import type { Match } from "../../finding.ts";
import { match } from "../match.ts";
import { execForm, startCommand } from "../start-command.ts";
import { besideManifest } from "./beside.ts";
import type { Case } from "./case.ts";
import { printed } from "./companions.ts";

type Process = Service["processes"][number];

export interface Unstarted {
  each: Case;
  process: Process;
  anchor: string;
}

/** By the first workload that serves each service: what else it consists of runs from the same image. */
export function unstartedIn(cases: readonly Case[], model: Model): Unstarted[] {
  const first = new Map(
    cases
      .toReversed()
      .flatMap((each) => (each.run === null || each.main.length === 0 ? [] : [[each.run.service.root, each] as const])),
  );
  return [...first.values()].flatMap((each) =>
    (each.run?.service.processes ?? [])
      .filter((process) => !isStarted(process, each, model))
      .map((process) => ({ each, process, anchor: `process ${each.run?.service.root} ${process.name}` })),
  );
}

export function processMatches(cases: readonly Case[], model: Model): Match[] {
  return unstartedIn(cases, model).map((unstarted) => {
    const { each, process, anchor } = unstarted;
    return match("k8s-manifest-gap", each.workload, {
      title: `No workload runs the process \`${process.name}\``,
      message: `The app has a process of its own for it (\`${process.command}\`, ${process.evidence.file}:${process.evidence.line}), and no manifest starts it: what it is there for is never done.`,
      anchor,
      also: [process.evidence],
      fix: commandOf(unstarted) === null ? "brief" : "patch",
    });
  });
}

/** Whether anything that is applied names it, or the web process starts it along. */
function isStarted({ name, entry = [] }: Process, { run }: Case, { repo }: Model): boolean {
  const stems = entry.map((file) => file.replace(/^.*\//, "").replace(/\.\w+$/, ""));
  const word = new RegExp(`(^|[^a-z])(${[name, ...stems].map(escaped).join("|")})([^a-z]|$)`, "i");
  const { start = null } = run?.service ?? {};
  const commands = [start, run?.image?.image.cmd?.text, run?.image?.image.entrypoint?.text].join(" ");
  return (
    /concurrently|npm-run-all|pm2|supervisor|\.sh\b/.test(commands) ||
    manifestsOf(repo).some(
      ({ kind, body }) => !/^(ConfigMap|Service|Ingress)$/.test(kind) && word.test(JSON.stringify(body)),
    ) ||
    repo.files.some(
      (file) => /(^|\/)(charts?|helm)\//.test(file) && /\.ya?ml$/.test(file) && word.test(repo.read(file) ?? ""),
    )
  );
}

/** Null where the image does not hold the process for certain, or a selector of another would take its pods. */
function commandOf({ each: { run, workload, beside }, process }: Unstarted): string[] | null {
  if (run === null || run.image === null || workload.manifests.length !== 1) return null;
  const form = execForm(process.command, run.service);
  const web = startCommand(run.service);
  const { cmd } = run.image.image;
  const words = cmd?.argv?.join(" ") ?? cmd?.text ?? "";
  const isAtHome = words === web?.argv.join(" ") || /^(npm|yarn|pnpm) (run )?start$/.test(words);
  return form !== null && form.prunable && isAtHome && isTold(labelOf(workload.manifests[0]), beside)
    ? form.argv
    : null;
}

/** Whether every Service goes by the label, so that none sends requests to pods that have another value of it. */
function isTold(label: string | null, beside: Case["beside"]): boolean {
  const services = beside.filter(({ kind, spec }) => kind === "Service" && "selector" in spec);
  return label !== null && services.every(({ spec }) => label in record(spec["selector"]));
}

/** The label by which its pods are told from those of the web process. */
function labelOf(manifest: Manifest | undefined): string | null {
  const labels = Object.keys(record(record(manifest?.spec["selector"])["matchLabels"]));
  return (
    ["app.kubernetes.io/component", "app", "app.kubernetes.io/name", ...labels].find((key) => labels.includes(key)) ??
    null
  );
}

/** A Deployment like the web process's, as the other edits leave it, without what only a server has. */
export function processEdits(unstarted: Unstarted, others: readonly Edit[], model: Model): Edit[] | null {
  const { each, process } = unstarted;
  const [manifest] = each.workload.manifests;
  const command = commandOf(unstarted);
  const label = labelOf(manifest);
  if (manifest === undefined || command === null || label === null) return null;
  const there = model.repo.read(manifest.file) ?? "";
  const own = others.flatMap((edit) => (edit.kind === "replace" && edit.file === manifest.file ? [edit] : []));
  const documents = parseAllDocuments(spliced(there, own));
  const document = Array.isArray(documents) ? documents[manifest.document ?? 0] : undefined;
  if (document === undefined) return null;
  const name = `${manifest.name}-${process.name}`;
  const value = `${String(record(record(manifest.spec["selector"])["matchLabels"])[label])}-${process.name}`;
  document.commentBefore = null;
  document.setIn(["metadata", "name"], name);
  if (document.hasIn(["metadata", "labels", label])) document.setIn(["metadata", "labels", label], value);
  for (const path of ["spec.selector.matchLabels", "spec.template.metadata.labels"])
    document.setIn([...path.split("."), label], value);
  for (const key of ["replicas", "strategy"]) document.deleteIn(["spec", key]);
  const pod = ["spec", "template", "spec"];
  for (const key of ["ports", "readinessProbe", "livenessProbe", "startupProbe", "lifecycle"])
    document.deleteIn([...pod, "containers", 0, key]);
  document.setIn([...pod, "containers", 0, "name"], process.name);
  document.setIn([...pod, "containers", 0, "command"], document.createNode(command));
  // The job in hand is brought to its end before the process goes.
  document.setIn([...pod, "terminationGracePeriodSeconds"], 60);
  return besideManifest(
    { ...manifest, name },
    process.name,
    printed(document, there).replace(/^---\r?\n/, ""),
    model.repo,
  );
}
