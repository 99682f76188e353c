/** Whether more than one copy of the app's process runs: seen in the files that say so, or kept from it by something. */
import { posix } from "node:path";
import { deploysOf } from "./hosting.ts";
import type { Model, Place, Service } from "./model.ts";

/**
 * `several`: some file says so, or the host adds copies by itself. `one`: something keeps it at one. `open`: nothing is said,
 * so the next deploy or a click may bring the second.
 */
export type Replicas = ({ kind: "several" | "one"; note: string } & Place) | { kind: "open" };

interface Sign {
  file: RegExp;
  text: RegExp;
  kind: "several" | "one";
  note: string;
}

const several = (file: RegExp, text: RegExp, note: string): Sign => ({ file, text, kind: "several", note });
const one = (file: RegExp, text: RegExp, note: string): Sign => ({ file, text, kind: "one", note });

const YAML = /\.ya?ml$/;
const COMPOSE = /(^|\/)(docker-)?compose([\w.-]*)\.ya?ml$/;
const PM2 = /(^|\/)(ecosystem|pm2|process)[\w.]*\.(c?js|mjs|json|ya?ml)$/;

/** In the order of trust; the first that is found decides. */
const signs: readonly Sign[] = [
  several(YAML, /^kind:\s*["']?HorizontalPodAutoscaler/m, "an autoscaler adds copies"),
  several(YAML, /^\s*(replicas|replicaCount|minReplicas):\s*["']?([2-9]|\d\d+)/m, "several replicas are asked for"),
  several(COMPOSE, /^\s*scale:\s*([2-9]|\d\d+)/m, "several containers are asked for"),
  several(PM2, /["']?exec_mode["']?\s*:\s*["']cluster/, "pm2 runs it as a cluster"),
  several(PM2, /["']?instances["']?\s*:\s*(["']max["']|-1|0|[2-9]|\d\d+)/, "pm2 starts several instances"),
  several(
    /(^|\/)package\.json$/,
    /\bpm2(-runtime)?\b[^"]*\s(-i|--instances)[ =](max|-1|0|[2-9])/,
    "pm2 starts several instances",
  ),
  several(
    /(^|\/)fly[\w.-]*\.toml$/,
    /^\s*min_machines_running\s*=\s*([2-9]|\d\d+)/m,
    "Fly keeps several machines running",
  ),
  several(/(^|\/)render\.ya?ml$/, /^\s*(numInstances|minInstances):\s*([2-9]|\d\d+)/m, "Render runs several instances"),
  several(/(^|\/)railway\.(json|toml)$/, /numReplicas"?\s*[:=]\s*([2-9]|\d\d+)/, "Railway runs several replicas"),
  several(/(^|\/)app\.json$/, /"web"\s*:\s*\{[^}]*"quantity"\s*:\s*([2-9]|\d\d+)/, "Heroku runs several dynos"),
  one(PM2, /["']?instances["']?\s*:\s*1\b/, "pm2 starts one instance"),
  one(/(^|\/)render\.ya?ml$/, /^\s*numInstances:\s*1\b/m, "Render runs one instance"),
];

/** Hosts that start copies as requests come, unless told otherwise. */
const elastic: ReadonlySet<string> = new Set(["cloud-run", "app-engine", "aws-app-runner"]);

const known = new WeakMap<Model, Map<Service, Replicas>>();

export function replicasOf(model: Model, service: Service): Replicas {
  const answers = known.get(model) ?? new Map<Service, Replicas>();
  known.set(model, answers);
  const answer = answers.get(service) ?? found(model, service);
  answers.set(service, answer);
  return answer;
}

function found(model: Model, service: Service): Replicas {
  const forks = ["node:cluster:fork", "node:cluster:default.fork", "throng:"].flatMap((api) => model.usesOf(api));
  const fork = forks.find(({ call }) => model.service(call.file) === service && model.context(call.file) === "server");
  if (fork !== undefined)
    return { kind: "several", note: "it forks itself", file: fork.call.file, line: fork.call.line };
  const files = model.repo.files.filter((file) => isOf(service, file));
  const said = signs.flatMap((sign) => seen(model, sign, files, service))[0];
  if (said !== undefined) return said;
  const host = deploysOf(model, service).find(({ target }) => elastic.has(target));
  if (host !== undefined) return { ...host.evidence, kind: "several", note: `${host.target} adds copies under load` };
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

/** Files of the service's folder or of one above it; samples and what tests run beside it say nothing. */
function isOf(service: Service, file: string): boolean {
  if (/(^|\/)(examples?|samples?|docs?|fixtures|tests?|node_modules)\//.test(file) || file.startsWith(".github/"))
    return false;
  const folder = posix.dirname(file);
  return (
    service.root === "." ||
    folder === "." ||
    file.startsWith(`${service.root}/`) ||
    /k8s|kube|helm|deploy|infra|chart/.test(folder)
  );
}

function seen(model: Model, sign: Sign, files: readonly string[], service: Service): Replicas[] {
  for (const file of files) {
    const text = sign.file.test(file) ? (model.repo.read(file) ?? "") : "";
    let before = 0;
    for (const document of text.split(/^(?=---)/m)) {
      const at = sign.text.exec(document);
      if (at !== null && speaksOf(service, file, document, model)) {
        const line = text.slice(0, before + at.index + at[0].search(/\S/)).split("\n").length;
        return [{ kind: sign.kind, note: sign.note, file, line }];
      }
      before += document.length;
    }
  }
  return [];
}

/** Where a repo holds several services, a manifest counts for the one that it names or lies beside. */
function speaksOf({ root, name }: Service, file: string, document: string, { services }: Model): boolean {
  if (services.length < 2 || (root !== "." && file.startsWith(`${root}/`))) return true;
  const names = [posix.basename(root), name.replace(/^@[^/]*\//, "")].filter((each) => each !== ".");
  return names.some((each) => document.includes(each));
}
