/** The workloads that a repo's Kubernetes manifests run, with what later patches of the same name add to them. */
import type { Place } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import { record } from "../services/container-files.ts";
import { type Manifest, manifestsOf } from "./manifests.ts";

export interface Container {
  name: string;
  image: string | null;
  ports: boolean;
  /** What each probe asks: its path, `""` for one that asks no path; null when there is none. */
  readiness: string | null;
  liveness: string | null;
  /** Asked for, or limited: what has a limit and no request requests the limit. */
  requests: boolean;
  cpuRequested: boolean;
  limits: boolean;
  secured: boolean;
  /** Something runs before it is told to stop. */
  preStop: boolean;
}

export interface Workload extends Place {
  kind: "Deployment" | "StatefulSet" | "DaemonSet";
  name: string;
  /** The manifests that say it in full: several where each environment has its own. */
  manifests: Manifest[];
  /** Null where the manifest leaves it to the default or to somebody else. */
  replicas: number | null;
  /** In how many places a number is said. */
  counts: number;
  /** A scaler decides how many run. */
  isScaled: boolean;
  /** Volumes of its own for each copy, or `Recreate`: reasons for the number of replicas. */
  hasReasonForReplicas: boolean;
  /** Names of the claims that all of its copies would mount. */
  claims: string[];
  /** A Service sends requests to its pods. */
  isServed: boolean;
  /** A disruption budget keeps some of its pods when nodes are emptied. */
  hasBudget: boolean;
  /** The pod's own security context says something. */
  secured: boolean;
  containers: Container[];
}

/** Images of other people's servers: databases, caches, brokers, proxies, consoles. */
const infrastructure =
  /(^|\/)(postgres(ql)?|postgis|pgbouncer|mysql|mariadb|mongo(db)?|redis|valkey|memcached|rabbitmq|nats[\w-]*|[\w-]*kafka[\w-]*|kafdrop|[\w-]*zookeeper|elasticsearch|opensearch|kibana|logstash|minio|nginx|traefik|envoy|haproxy|caddy|busybox|alpine|prometheus[\w-]*|alertmanager|[\w-]+-exporter|kube-[\w-]+|configmap-reload|addon-resizer|grafana|loki|fluentd\S*|jaeger\S*|zipkin|otel\S*|opentelemetry\S*|cert-manager\S*|keycloak|vault|consul|etcd|clickhouse\S*|mailhog|mailpit|adminer|pgadmin\S*|redis-commander|mongo-express|curl|registry|localstack)([:@]|$)/i;

/** The containers of a workload that run the app's own images. */
export function ownContainers({ containers }: Workload): Container[] {
  return containers.filter(({ image }) => image !== null && !infrastructure.test(image));
}

/** Complete workloads only: patches complete the one of their name, templates of charts cannot be read. */
export function workloadsOf(repo: Repo): Workload[] {
  const all = manifestsOf(repo);
  const groups = new Map<string, Manifest[]>();
  for (const each of all.filter(({ kind }) => isWorkload(kind))) {
    const key = `${each.kind}/${each.name}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  // The same workload in full in several files is one per environment: what any of them says counts.
  return [...groups.values()].flatMap((group) => {
    const base = group.find(isComplete);
    return base === undefined ? [] : [joined(base, group, all)];
  });
}

function isWorkload(kind: string): kind is Workload["kind"] {
  return kind === "Deployment" || kind === "StatefulSet" || kind === "DaemonSet";
}

function isComplete({ spec, document }: Manifest): boolean {
  return document !== null && "selector" in spec && containersIn(spec).some(({ image }) => typeof image === "string");
}

/** The containers of a workload's spec as its manifest says them. */
export function containersIn(spec: Manifest["spec"]): Record<string, unknown>[] {
  return list(podOf(spec)["containers"]).map(record);
}

/** The pod of a workload's spec. */
function podOf(spec: Manifest["spec"]): Record<string, unknown> {
  return record(record(spec["template"])["spec"]);
}

/** The labels that a workload's pods carry. */
export function podLabels(spec: Manifest["spec"]): Record<string, unknown> {
  return record(record(record(spec["template"])["metadata"])["labels"]);
}

/** Whether a selector of labels takes pods that carry these. */
export function selects(
  selector: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, unknown>>,
): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function joined(base: Manifest, group: readonly Manifest[], all: readonly Manifest[]): Workload {
  const specs = group.map(({ spec }) => spec);
  const pods = specs.map(podOf);
  const replicas = specs.map((spec) => spec["replicas"]).filter((each) => typeof each === "number");
  return {
    kind: isWorkload(base.kind) ? base.kind : "Deployment",
    name: base.name,
    file: base.file,
    line: base.line,
    manifests: group.filter(isComplete),
    replicas: replicas.length === 0 ? null : Math.max(...replicas),
    counts: replicas.length,
    isScaled: all.some((each) => isScaler(each) && record(each.spec["scaleTargetRef"])["name"] === base.name),
    hasReasonForReplicas: specs.some(
      (spec) => record(spec["strategy"])["type"] === "Recreate" || "volumeClaimTemplates" in spec,
    ),
    claims: pods.flatMap(claimsOf),
    isServed: all.some(
      ({ kind, spec }) => kind === "Service" && selects(record(spec["selector"]), podLabels(base.spec)),
    ),
    hasBudget: all.some(
      ({ kind, spec }) =>
        kind === "PodDisruptionBudget" &&
        selects(record(record(spec["selector"])["matchLabels"]), podLabels(base.spec)),
    ),
    secured: pods.some((pod) => Object.keys(record(pod["securityContext"])).length > 0),
    containers: containersIn(base.spec).map((container) => {
      const same = specs.flatMap(containersIn).filter(({ name }) => name === container["name"] || name === "*");
      return containerOf(container, same);
    }),
  };
}

function isScaler({ kind }: Manifest): boolean {
  return kind === "HorizontalPodAutoscaler" || kind === "ScaledObject";
}

function claimsOf(pod: Record<string, unknown>): string[] {
  return list(pod["volumes"]).flatMap((volume) => {
    const name = record(record(volume)["persistentVolumeClaim"])["claimName"];
    return typeof name === "string" ? name : [];
  });
}

function containerOf(base: Record<string, unknown>, all: readonly Record<string, unknown>[]): Container {
  const resources = all.map((each) => record(each["resources"]));
  const probe = (name: string): string | null => {
    const found = all.map((each) => each[name]).find((each) => typeof each === "object" && each !== null);
    const path = record(record(found)["httpGet"])["path"];
    return found === undefined ? null : typeof path === "string" ? path : "";
  };
  const limits = resources.some((each) => Object.keys(record(each["limits"])).length > 0);
  return {
    name: typeof base["name"] === "string" ? base["name"] : "",
    image: typeof base["image"] === "string" ? base["image"] : null,
    ports: all.some(({ ports }) => Array.isArray(ports) && ports.length > 0),
    readiness: probe("readinessProbe"),
    liveness: probe("livenessProbe"),
    requests: limits || resources.some(({ requests }) => Object.keys(record(requests)).length > 0),
    cpuRequested: resources.some((each) => ["requests", "limits"].some((key) => "cpu" in record(each[key]))),
    limits,
    secured: all.some(({ securityContext }) => Object.keys(record(securityContext)).length > 0),
    preStop: all.some(({ lifecycle }) => "preStop" in record(lifecycle)),
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
