/** The workloads that a repo's Kubernetes manifests run, with what later patches of the same name add to them. */
import { parseAllDocuments } from "yaml";
import type { Place } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import { record } from "../services/container-files.ts";

export interface Container {
  name: string;
  image: string | null;
  ports: boolean;
  /** What each probe asks: its path, `""` for one that asks no path; null when there is none. */
  readiness: string | null;
  liveness: string | null;
  requests: boolean;
  limits: boolean;
  secured: boolean;
}

export interface Workload extends Place {
  kind: "Deployment" | "StatefulSet" | "DaemonSet";
  name: string;
  /** Null where the manifest leaves it to the default or to somebody else. */
  replicas: number | null;
  /** A volume claim, `Recreate`, or a scaler of its own: reasons for the number of replicas. */
  hasReasonForReplicas: boolean;
  /** The pod's own security context says something. */
  secured: boolean;
  containers: Container[];
}

/** A manifest longer than this is generated (custom resource definitions, vendored charts). */
const longest = 200_000;
const workloadKind = /^kind:\s*["']?(Deployment|StatefulSet|DaemonSet)\b/m;
const besideTheProduct =
  /(^|\/)(examples?|samples?|docs?|tests?|e2e|dev|development|local|minikube|kind|fixtures|templates?|charts?|helm)\//i;

/** Images of other people's servers: databases, caches, brokers, proxies, consoles. */
const infrastructure =
  /(^|\/)(postgres(ql)?|postgis|pgbouncer|mysql|mariadb|mongo(db)?|redis|valkey|memcached|rabbitmq|nats[\w-]*|kafka|kafka-ui|kafdrop|zookeeper|elasticsearch|opensearch|kibana|logstash|minio|nginx|traefik|envoy|haproxy|caddy|busybox|alpine|prometheus[\w-]*|alertmanager|[\w-]+-exporter|kube-[\w-]+|configmap-reload|addon-resizer|grafana|loki|fluentd\S*|jaeger\S*|zipkin|otel\S*|opentelemetry\S*|cert-manager\S*|keycloak|vault|consul|etcd|clickhouse\S*|mailhog|mailpit|adminer|pgadmin\S*|redis-commander|mongo-express|curl|registry|localstack)([:@]|$)/i;

/** The containers of a workload that run the app's own images. */
export function ownContainers({ containers }: Workload): Container[] {
  return containers.filter(({ image }) => image !== null && !infrastructure.test(image));
}

interface Manifest extends Place {
  kind: string;
  name: string;
  spec: Record<string, unknown>;
}

/** Complete workloads only: patches complete the one of their name, templates of charts cannot be read. */
export function workloadsOf(repo: Repo): Workload[] {
  const manifests = repo.files.flatMap((file) => manifestsIn(file, repo));
  const scaled = new Set(
    manifests
      .filter(({ kind }) => kind === "HorizontalPodAutoscaler" || kind === "ScaledObject")
      .map(({ spec }) => String(record(spec["scaleTargetRef"])["name"])),
  );
  const groups = new Map<string, Manifest[]>();
  for (const each of manifests.filter(({ kind }) => isWorkload(kind))) {
    const key = `${each.kind}/${each.name}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  // The same workload in full in several files is one per environment: what any of them says counts.
  return [...groups.values()].flatMap((group) => {
    const base = group.find(isComplete);
    return base === undefined ? [] : [joined(base, group, scaled)];
  });
}

function manifestsIn(file: string, repo: Repo): Manifest[] {
  if (!/\.ya?ml$/.test(file) || file.startsWith(".github/") || besideTheProduct.test(file)) return [];
  const text = repo.read(file) ?? "";
  if (text.length > longest || text.includes("{{") || !/^kind:/m.test(text) || !/^apiVersion:/m.test(text)) return [];
  if (!workloadKind.test(text) && !/^kind:\s*(HorizontalPodAutoscaler|ScaledObject)/m.test(text)) return [];
  return parsed(text).flatMap(({ value, start }) => {
    const { kind, metadata, spec } = record(value);
    const name = record(metadata)["name"];
    if (typeof kind !== "string" || typeof name !== "string") return [];
    return [{ file, line: lineAt(text, start), kind, name, spec: record(spec) }];
  });
}

function parsed(text: string): { value: unknown; start: number }[] {
  try {
    const documents = parseAllDocuments(text, { logLevel: "silent", prettyErrors: false });
    return (Array.isArray(documents) ? documents : []).flatMap((document) =>
      document.errors.length > 0 ? [] : [{ value: plain(document), start: document.contents?.range?.[0] ?? 0 }],
    );
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

function isWorkload(kind: string): kind is Workload["kind"] {
  return kind === "Deployment" || kind === "StatefulSet" || kind === "DaemonSet";
}

function isComplete({ spec }: Manifest): boolean {
  return "selector" in spec && containersOf(spec).some(({ image }) => typeof image === "string");
}

function containersOf(spec: Record<string, unknown>): Record<string, unknown>[] {
  const list = record(record(spec["template"])["spec"])["containers"];
  return (Array.isArray(list) ? list : []).map((each) => record(each));
}

function joined(base: Manifest, group: readonly Manifest[], scaled: ReadonlySet<string>): Workload {
  const specs = group.map(({ spec }) => spec);
  const pods = specs.map((spec) => record(record(spec["template"])["spec"]));
  const replicas = specs.map((spec) => spec["replicas"]).filter((each) => typeof each === "number");
  return {
    kind: isWorkload(base.kind) ? base.kind : "Deployment",
    name: base.name,
    file: base.file,
    line: base.line,
    replicas: replicas.length === 0 ? null : Math.max(...replicas),
    hasReasonForReplicas:
      scaled.has(base.name) ||
      specs.some((spec) => record(spec["strategy"])["type"] === "Recreate" || "volumeClaimTemplates" in spec) ||
      pods.some((pod) => JSON.stringify(pod["volumes"] ?? "").includes("persistentVolumeClaim")),
    secured: pods.some((pod) => Object.keys(record(pod["securityContext"])).length > 0),
    containers: containersOf(base.spec).map((container) => {
      const same = specs.flatMap(containersOf).filter(({ name }) => name === container["name"]);
      return containerOf(container, same);
    }),
  };
}

function containerOf(base: Record<string, unknown>, all: readonly Record<string, unknown>[]): Container {
  const resources = all.map((each) => record(each["resources"]));
  const probe = (name: string): string | null => {
    const found = all.map((each) => each[name]).find((each) => typeof each === "object" && each !== null);
    const path = record(record(found)["httpGet"])["path"];
    return found === undefined ? null : typeof path === "string" ? path : "";
  };
  return {
    name: typeof base["name"] === "string" ? base["name"] : "",
    image: typeof base["image"] === "string" ? base["image"] : null,
    ports: all.some(({ ports }) => Array.isArray(ports) && ports.length > 0),
    readiness: probe("readinessProbe"),
    liveness: probe("livenessProbe"),
    requests: resources.some(({ requests }) => Object.keys(record(requests)).length > 0),
    limits: resources.some(({ limits }) => Object.keys(record(limits)).length > 0),
    secured: all.some(({ securityContext }) => Object.keys(record(securityContext)).length > 0),
  };
}
