/** In how many processes a service runs, as far as the repo says so, and whether something keeps it at one. */
import { deploysOf, isServerless } from "./hosting.ts";
import type { Model, Place, Service } from "../model.ts";
import { isIn } from "../services/manifest.ts";
import { countsInFiles, pm2Count } from "./replica-files.ts";

export interface Count extends Place {
  /** Infinity: as many as the host or the number of processors decides. */
  count: number;
  /** "compose starts 3 of it". */
  note: string;
  /** True where one is said of the process itself, so that no click and no flag of a deploy brings a second. */
  isKept?: boolean;
}

/** Hosts that start further instances by themselves when it gets busy. */
const elastic: Readonly<Record<string, string>> = {
  "cloud-run": "Cloud Run starts as many instances as there is traffic for",
  "app-engine": "App Engine starts as many instances as there is traffic for",
  "aws-app-runner": "App Runner starts as many instances as there is traffic for",
};

const known = new WeakMap<Model, Map<string, Count[]>>();

/** Every place that says how many processes of the service run. */
export function countsOf(model: Model, service: Service): readonly Count[] {
  const services = known.get(model) ?? new Map<string, Count[]>();
  known.set(model, services);
  const found = services.get(service.root) ?? [
    ...fromCluster(model, service),
    ...countsInFiles(model, service),
    ...fromScripts(model, service),
    ...fromHost(model, service),
  ];
  services.set(service.root, found);
  return found;
}

/** The first place that says more than one; null when nothing does. */
export function severalOf(model: Model, service: Service): Count | null {
  return countsOf(model, service).find(({ count }) => count > 1) ?? null;
}

/**
 * `several`: some file says so, or the host adds copies by itself. `one`: something keeps it at one. `open`: nothing is said,
 * so the next deploy or a click may bring the second.
 */
export type Replicas = ({ kind: "several" | "one"; note: string } & Place) | { kind: "open" };

export function replicasOf(model: Model, service: Service): Replicas {
  const several = severalOf(model, service);
  if (several !== null) return { kind: "several", note: several.note, file: several.file, line: several.line };
  const one = countsOf(model, service).find(({ count, isKept }) => count === 1 && isKept === true);
  if (one !== undefined) return { kind: "one", note: one.note, file: one.file, line: one.line };
  return keptInOneFile(service) ?? { kind: "open" };
}

const fileDatabases = ["sqlite3", "better-sqlite3", "sqlite", "libsql"];
const serverDatabases = [
  "pg",
  "postgres",
  "mysql",
  "mysql2",
  "mongodb",
  "mongoose",
  "@neondatabase/serverless",
  "mssql",
  "@supabase/supabase-js",
];

/** A database in a file belongs to one machine, unless the app can also talk to a server. */
function keptInOneFile({ backing, dependencies, root }: Service): Replicas | null {
  const isServed =
    backing.some(({ kind }) => /^(postgres|mysql|mongodb)$/.test(kind)) ||
    serverDatabases.some((name) => name in dependencies);
  const disk = backing.find(({ kind }) => kind === "sqlite");
  if (isServed || (disk === undefined && !fileDatabases.some((name) => name in dependencies))) return null;
  const manifest = { file: root === "." ? "package.json" : `${root}/package.json`, line: 1 };
  return { ...(disk?.evidence ?? manifest), kind: "one", note: "its database is a file" };
}

function fromCluster(model: Model, service: Service): Count[] {
  return ["node:cluster:fork", "node:cluster:default.fork", "throng:", "throng:default"].flatMap((api) =>
    model
      .usesOf(api)
      .filter(({ call }) => model.context(call.file) === "server" && model.service(call.file)?.root === service.root)
      .map(({ call: { file, line } }) => ({
        file,
        line,
        count: Infinity,
        note: "the process starts copies of itself",
      })),
  );
}

function fromHost(model: Model, service: Service): Count[] {
  const deploys = deploysOf(model, service);
  if (isServerless(model, service) && deploys[0] !== undefined)
    return [
      {
        ...deploys[0].evidence,
        count: Infinity,
        note: `${deploys[0].target} runs as many copies as there are requests`,
      },
    ];
  return deploys.flatMap(({ target, evidence }) => {
    const note = elastic[target];
    const text = model.repo.read(evidence.file) ?? "";
    const isOne = /max[-_]?instances[\s"':=]+1\b/i.test(text);
    return note === undefined
      ? []
      : [{ ...evidence, count: isOne ? 1 : Infinity, note: isOne ? "at most one instance" : note }];
  });
}

const several = /(?:\s-i|--instances)[\s=]+(max|-?\d+)\b/;

/** `pm2 start app.js -i max` in a script, Dockerfile or Procfile. */
function fromScripts(model: Model, { root, scripts }: Service): Count[] {
  const manifest = root === "." ? "package.json" : `${root}/package.json`;
  const files = model.repo.files.filter(
    (file) => /(^|\/)(Dockerfile[^/]*|Procfile|[\w-]+\.sh)$/.test(file) && isIn(root, file),
  );
  const lines = [...files, manifest].flatMap((file) =>
    (model.repo.read(file) ?? "").split("\n").map((text, index) => ({ file, line: index + 1, text })),
  );
  if (Object.keys(scripts).length === 0 && files.length === 0) return [];
  return lines.flatMap(({ file, line, text }) => {
    const found = /\bpm2(-runtime)?\b/.test(text) ? several.exec(text)?.[1] : undefined;
    return found === undefined
      ? []
      : [
          {
            file,
            line,
            count: pm2Count(found),
            note: `pm2 starts ${found === "1" ? "one process" : "several processes"}`,
          },
        ];
  });
}
