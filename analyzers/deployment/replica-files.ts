/** Files that say how many processes of a service run: of compose, hosts, clusters, process managers and proxies. */
import { posix } from "node:path";
import type { Model, Place, Service } from "../model.ts";
import { parseYaml, record } from "../services/container-files.ts";
import { startsProcesses } from "../services/find-deploy.ts";

interface Said {
  at: RegExp | null;
  count: number;
  note: string;
  isKept?: boolean;
}

interface Reader {
  file: RegExp;
  /** What has to stand in the file for it to say anything. */
  about: RegExp;
  read: (text: string, service: Service, alone: boolean) => Said[];
}

const readers: readonly Reader[] = [
  { file: /(^|\/)(ecosystem|pm2|process)[^/]*\.(js|cjs|mjs|json|ya?ml)$/, about: /instances/, read: readPm2 },
  { file: /(^|\/)(docker-)?compose[^/]*\.ya?ml$/i, about: /replicas|scale/, read: readCompose },
  { file: /(^|\/)render\.ya?ml$/, about: /Instances/, read: readRender },
  { file: /(^|\/)fly(\.[\w-]+)?\.toml$/, about: /machines_running/, read: readFly },
  {
    file: /(^|\/)app\.json$/,
    about: /"quantity"/,
    read: (text) => matches(text, /"web"\s*:\s*\{[^}]*"quantity"\s*:\s*(\d+)/, "Heroku is told to run"),
  },
  {
    file: /(^|\/)railway\.(json|toml)$/,
    about: /numReplicas/,
    read: (text) => matches(text, /numReplicas"?\s*[:=]\s*(\d+)/, "Railway is told to run"),
  },
  {
    file: /\.ya?ml$/,
    about: /^kind:\s*["']?(Deployment|StatefulSet|HorizontalPodAutoscaler)|^replicaCount:/m,
    read: readKubernetes,
  },
  { file: /\.conf(\.template)?$|(^|\/)nginx[^/]*$/i, about: /^[ \t]*upstream\s/m, read: readUpstreams },
];

interface Candidate {
  file: string;
  text: string;
  fitting: readonly Reader[];
}

const candidates = new WeakMap<Model, Candidate[]>();

/** The files that may say something, read once for all services. */
function candidatesOf(model: Model): readonly Candidate[] {
  const found =
    candidates.get(model) ??
    model.repo.files.flatMap((file): Candidate[] => {
      if (/(^|\/)(node_modules|examples?|samples?|docs?|fixtures|tests?|\.github)\//i.test(file)) return [];
      const named = readers.filter((reader) => reader.file.test(file));
      const text = named.length === 0 ? "" : (model.repo.read(file) ?? "");
      const fitting = text.length > longest ? [] : named.filter(({ about }) => about.test(text));
      return fitting.length === 0 ? [] : [{ file, text, fitting }];
    });
  candidates.set(model, found);
  return found;
}

/** Larger files are lockfiles and data. */
const longest = 200_000;

/** What compose files, manifests of hosts and clusters, and proxies say about a service. */
export function countsInFiles(model: Model, service: Service): (Place & Omit<Said, "at">)[] {
  const alone = model.services.filter(({ start, entry }) => start !== null || entry.length > 0).length <= 1;
  return candidatesOf(model).flatMap(({ file, text, fitting }) =>
    fitting.flatMap(({ read }) =>
      read(text, service, alone).map(({ at, ...said }) => ({ ...said, file, line: lineOf(text, at) })),
    ),
  );
}

function lineOf(text: string, at: RegExp | null): number {
  const found = at?.exec(text) ?? null;
  return found === null ? 1 : text.slice(0, found.index + found[0].length).split("\n").length;
}

function matches(text: string, pattern: RegExp, note: string): Said[] {
  const count = Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return Number.isNaN(count) ? [] : [{ at: pattern, count, note: `${note} ${count === 1 ? "exactly one" : count}` }];
}

function readPm2(text: string): Said[] {
  const pattern = /\binstances["']?\s*:\s*["']?(max|-?\d+)/;
  const found = startsProcesses(text) ? pattern.exec(text)?.[1] : undefined;
  if (found === undefined) return [];
  const count = pm2Count(found);
  const note = count === 1 ? "pm2 starts one process" : "pm2 starts several processes";
  return [{ at: pattern, count, note, isKept: true }];
}

const notWeb = /worker|cron|queue|job|scheduler|beat|\bdb\b|database|postgres|mysql|mongo|redis|cache|nginx|proxy/i;

/** Services built from the app's own folder: several of them, or several copies of one. */
function readCompose(text: string, { root }: Service, alone: boolean): Said[] {
  const services = Object.entries(record(record(parseYaml(text))["services"])).filter(([name, value]) => {
    const { build } = record(value);
    const context = typeof build === "string" ? build : record(build)["context"];
    const folder = typeof context === "string" ? posix.normalize(context).replace(/\/$/, "") : null;
    return build !== undefined && !notWeb.test(name) && (alone || folder === root || folder === `./${root}`);
  });
  return services.flatMap(([name, value]) => {
    const { deploy, scale } = record(value);
    const count = Number(record(deploy)["replicas"] ?? scale ?? Number.NaN);
    return Number.isNaN(count)
      ? []
      : [
          {
            at: new RegExp(`^\\s*(replicas|scale):\\s*["']?${count}\\b`, "m"),
            count,
            note: `compose starts ${count === 1 ? "exactly one" : count} of ${name}`,
          },
        ];
  });
}

function readRender(text: string): Said[] {
  return [
    ...matches(text, /^[ \t]*numInstances:\s*(\d+)/m, "Render is told to run").map((said) => ({
      ...said,
      isKept: true,
    })),
    ...matches(text, /^[ \t]*minInstances:\s*([2-9]|\d\d+)/m, "Render keeps running at least"),
    ...matches(text, /^[ \t]*maxInstances:\s*(\d+)/m, "Render may run up to"),
  ];
}

function readFly(text: string): Said[] {
  return [
    ...matches(text, /^[ \t]*max_machines_running\s*=\s*(\d+)/m, "Fly is told to run at most"),
    ...matches(text, /^[ \t]*min_machines_running\s*=\s*([2-9]|\d\d+)/m, "Fly keeps running at least"),
  ];
}

const autoscaler = /^kind:\s*["']?HorizontalPodAutoscaler/m;

/** Deployments of this service, by name where there are several services; Helm values of a chart. */
function readKubernetes(text: string, { name, root }: Service, alone: boolean): Said[] {
  const names = [name, posix.basename(root)].filter((each) => each !== "." && each !== "");
  return text.split(/^---\s*$/m).flatMap((part) => {
    const called = /^metadata:[^]{0,200}?\bname:\s*["']?([\w.-]+)/m.exec(part)?.[1] ?? "";
    if (notWeb.test(called) || !(alone || names.some((each) => called.includes(each)))) return [];
    return [
      ...matches(part, /^[ \t]*(?:replicas|replicaCount):\s*(\d+)/m, "Kubernetes is told to run"),
      ...matches(part, /^[ \t]*maxReplicas:\s*(\d+)/m, "Kubernetes may run up to"),
      ...(autoscaler.test(part) ? [{ at: autoscaler, count: Infinity, note: "an autoscaler adds copies" }] : []),
    ];
  });
}

/** An upstream of several servers is several processes of one app, unless all but one are spares. */
function readUpstreams(text: string, _service: Service, alone: boolean): Said[] {
  if (!alone) return [];
  return [...text.matchAll(/^[ \t]*upstream\s+[\w.-]+\s*\{([^}]*)\}/gm)].flatMap(([, body = ""]) => {
    const servers = body.split("\n").filter((line) => /^\s*server\s/.test(line) && !/\bbackup\b/.test(line));
    return servers.length < 2
      ? []
      : [
          {
            at: /^[ \t]*upstream\s/m,
            count: servers.length,
            note: `nginx spreads requests over ${servers.length} processes`,
          },
        ];
  });
}

/** `max`, 0 and negative numbers leave it to the processors (pm2 documentation, cluster mode). */
export function pm2Count(text: string): number {
  return text === "max" || Number(text) <= 0 ? Infinity : Number(text);
}
