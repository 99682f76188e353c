/** The Kubernetes manifests of a repo as plain values, and what kustomize adds to those of the same name. */
import { posix } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Place } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import { parseYaml, record } from "../services/container-files.ts";

export interface Manifest extends Place {
  kind: string;
  name: string;
  /** Null where the manifest leaves it to whoever applies it. */
  namespace: string | null;
  /** Which of its file's documents it is, from 0; null for what a kustomization holds or changes. */
  document: number | null;
  body: Readonly<Record<string, unknown>>;
  spec: Readonly<Record<string, unknown>>;
}

/** A manifest longer than this is generated (custom resource definitions, vendored charts). */
const longest = 200_000;
const besideTheProduct =
  /(^|\/)(examples?|samples?|docs?|tests?|e2e|dev|development|local|minikube|kind|fixtures|templates?|charts?|helm)\//i;

/** Kinds that say something of how the app runs; other files are not parsed. */
const telling =
  /^kind:\s*["']?(Deployment|StatefulSet|DaemonSet|CronJob|Job|Pod|Service|Ingress|HorizontalPodAutoscaler|ScaledObject|PodDisruptionBudget|LimitRange|ConfigMap|PersistentVolumeClaim|HTTPRoute|Gateway)\b/m;

const known = new WeakMap<Repo, Manifest[]>();

/** Everything with a kind and a name; templates of charts cannot be read. */
export function manifestsOf(repo: Repo): readonly Manifest[] {
  const found = known.get(repo) ?? repo.files.flatMap((file) => [...manifestsIn(file, repo), ...patchesIn(file, repo)]);
  known.set(repo, found);
  return found;
}

function manifestsIn(file: string, repo: Repo): Manifest[] {
  if (!/\.ya?ml$/.test(file) || file.startsWith(".github/") || besideTheProduct.test(file)) return [];
  const text = repo.read(file) ?? "";
  if (text.length > longest || text.includes("{{") || !telling.test(text) || !/^apiVersion:/m.test(text)) return [];
  return parsed(text).flatMap(({ value, start }, document) => {
    const found = manifestOf(value, { file, line: lineAt(text, start) });
    return found === null ? [] : [{ ...found, document }];
  });
}

function manifestOf(value: unknown, place: Place): Manifest | null {
  const body = record(value);
  const { name, namespace } = record(body["metadata"]);
  if (typeof body["kind"] !== "string" || typeof name !== "string") return null;
  return {
    ...place,
    kind: body["kind"],
    name,
    namespace: typeof namespace === "string" ? namespace : null,
    document: null,
    body,
    spec: record(body["spec"]),
  };
}

function parsed(text: string): { value: unknown; start: number }[] {
  try {
    const documents = parseAllDocuments(text, { logLevel: "silent", prettyErrors: false });
    const all = Array.isArray(documents) ? documents : [];
    return all.map((document) => ({
      value: document.errors.length > 0 ? null : plain(document),
      start: document.contents?.range?.[0] ?? 0,
    }));
  } catch {
    return [];
  }
}

function plain(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  return document.toJS({ maxAliasCount: 100 });
}

/** The line of the document's `kind`, the place that names what it is. */
function lineAt(text: string, start: number): number {
  const kind = /^kind:/m.exec(text.slice(start));
  return text.slice(0, start + (kind?.index ?? 0)).split("\n").length;
}

export function isKustomization(file: string): boolean {
  return /^kustomization\.ya?ml$/i.test(posix.basename(file));
}

/** `replicas` and patches of a kustomization, as if each were a manifest that says only this. */
function patchesIn(file: string, repo: Repo): Manifest[] {
  if (!isKustomization(file) || besideTheProduct.test(file)) return [];
  const { replicas, patches, patchesJson6902 } = record(parseYaml(repo.read(file) ?? ""));
  const place = { file, line: 1 };
  const counted = list(replicas).flatMap((each) => {
    const { name, count } = record(each);
    return manifestOf({ kind: "Deployment", metadata: { name }, spec: { replicas: count } }, place) ?? [];
  });
  const patched = [...list(patches), ...list(patchesJson6902)].flatMap((each) => {
    const { patch, path, target } = record(each);
    const beside = typeof path === "string" ? repo.read(posix.join(posix.dirname(file), path)) : null;
    const value = parseYaml(typeof patch === "string" ? patch : (beside ?? ""));
    const { kind = "Deployment", name } = record(target);
    // A patch in a file that names its target itself is read as a manifest where it stands.
    if (!Array.isArray(value) && typeof patch !== "string") return [];
    const said = Array.isArray(value) ? { kind, metadata: { name }, spec: operated(value) } : value;
    return manifestOf(said, place) ?? [];
  });
  return [...counted, ...patched];
}

/** What operations on paths leave of a spec; a container that is named by its place is called `*`. */
function operated(operations: readonly unknown[]): Record<string, unknown> {
  let spec: unknown = {};
  for (const each of operations) {
    const { op, path, value } = record(each);
    const [top, ...steps] = String(path).split("/").slice(1);
    if (op !== "remove" && top === "spec") spec = put(spec, steps, value);
  }
  return record(spec);
}

function put(whole: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (/^(\d+|-)$/.test(step)) return [{ ...record(put(list(whole)[0], rest, value)), name: "*" }];
  return { ...record(whole), [step.replaceAll("~1", "/")]: put(record(whole)[step], rest, value) };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
