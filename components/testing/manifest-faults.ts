/** Checks Kubernetes manifests: against the published schemas, and for what no schema says. */
import * as kubernetes from "kubernetes-models";
import * as gateway from "@kubernetes-models/gateway-api";
import { parseAllDocuments } from "yaml";
import { record } from "../../analyzers/services/container-files.ts";

type Body = Record<string, unknown>;

interface Document {
  file: string;
  body: Body;
}

/** What is wrong with the manifests among these files, one sentence each; empty when nothing is. */
export function manifestFaults(files: Readonly<Record<string, string>>): string[] {
  const documents = Object.entries(files).flatMap(([file, text]) => documentsIn(file, text));
  return documents.flatMap((document) =>
    [...schemaFaults(document), ...bonds(document, documents)].map(
      (fault) => `${document.file} ${String(document.body["kind"])}: ${fault}`,
    ),
  );
}

/** Whole manifests; what only patches one of its name has neither selector nor image. */
function documentsIn(file: string, text: string): Document[] {
  if (!/\.ya?ml$/.test(file) || text.includes("{{") || !/^apiVersion:/m.test(text)) return [];
  const documents = parseAllDocuments(text);
  return (Array.isArray(documents) ? documents : []).flatMap((document) => {
    const body = record(document.toJS());
    const isPatch = /^(Deployment|StatefulSet)$/.test(String(body["kind"])) && !("selector" in record(body["spec"]));
    return typeof body["kind"] !== "string" || isPatch ? [] : [{ file, body }];
  });
}

function schemaFaults({ body }: Document): string[] {
  const version = String(body["apiVersion"]);
  if (/^(kustomize\.|skaffold\/)/.test(version)) return [];
  const found = models.get(`${version} ${String(body["kind"])}`);
  if (found === undefined) return [`no schema for ${version}`];
  try {
    new found(body).validate();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

type Model = new (body: Body) => { validate(): void };

/** `apps/v1 Deployment` -> its schema: the packages hold them by group and version. */
const models = new Map<string, Model>(
  [kubernetes, gateway]
    .flatMap((groups) => Object.values<object>(groups))
    .flatMap((versions) => Object.values<object>({ ...versions }))
    // The core group has no versions between it and its kinds.
    .flatMap((kinds) => (typeof kinds === "function" ? [kinds] : Object.values<unknown>({ ...kinds })))
    .flatMap((kind) => (isModel(kind) ? [[`${kind.apiVersion} ${kind.kind}`, kind] as const] : [])),
);

function isModel(value: unknown): value is Model & { apiVersion: string; kind: string } {
  return typeof value === "function" && "apiVersion" in value && "kind" in value;
}

/** What one manifest names of another, or of itself, is there. */
function bonds({ body }: Document, all: readonly Document[]): string[] {
  const spec = record(body["spec"]);
  switch (body["kind"]) {
    case "Deployment":
    case "StatefulSet":
      return [
        ...(isTaken(spec["selector"], podLabels(body)) ? [] : ["its selector takes none of its own pods"]),
        ...containers(body).flatMap(probeFaults),
      ];
    case "PodDisruptionBudget":
      return all.some(({ body: other }) => isTaken(spec["selector"], podLabels(other)))
        ? []
        : ["it keeps no workload's pods"];
    case "HorizontalPodAutoscaler":
      return scalerFaults(record(spec["scaleTargetRef"]), all);
    default:
      return [];
  }
}

function scalerFaults(target: Body, all: readonly Document[]): string[] {
  const found = all.find(
    ({ body }) => body["kind"] === target["kind"] && record(body["metadata"])["name"] === target["name"],
  );
  if (found === undefined) return [`it scales ${String(target["name"])}, which is not there`];
  return "replicas" in record(found.body["spec"]) ? ["the workload that it scales says a number of its own"] : [];
}

function probeFaults(container: Body): string[] {
  const ports = (Array.isArray(container["ports"]) ? container["ports"] : []).flatMap((port) => [
    record(port)["name"],
    record(port)["containerPort"],
  ]);
  return ["readinessProbe", "livenessProbe", "startupProbe"].flatMap((name) => {
    const probe = record(container[name]);
    const port = record(probe["httpGet"] ?? probe["tcpSocket"])["port"];
    return port === undefined || ports.length === 0 || ports.includes(port)
      ? []
      : [`${name} asks port ${JSON.stringify(port)}, which the container does not name`];
  });
}

function containers(body: Body): Body[] {
  const list = record(record(record(body["spec"])["template"])["spec"])["containers"];
  return (Array.isArray(list) ? list : []).map(record);
}

function podLabels(body: Body): Body {
  return record(record(record(record(body["spec"])["template"])["metadata"])["labels"]);
}

function isTaken(selector: unknown, labels: Body): boolean {
  const wanted = Object.entries(record(record(selector)["matchLabels"]));
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
