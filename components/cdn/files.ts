/** Looks for files that the app hands out itself, and for those that browsers ask for again and again. */
import type { Known, Model } from "../../analyzers/model.ts";
import { staticFilesOf, type StaticFiles } from "../../analyzers/serving/static-files.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { adviceOnCall } from "../advice.ts";
import type { Match } from "../finding.ts";
import { frameworkStatics } from "./framework-statics.ts";
import { hasCdn, proxyServesFiles } from "./hosts.ts";
import { keepWay } from "./keep-way.ts";

export function servedFiles(model: Model): Match[] {
  const withoutHeaders = unkept(model).map((folders) => withoutHeadersMatch(folders));
  return [...withoutHeaders, ...servedByNode(model).map(served)];
}

/** The folders of each service whose files say nothing of how long they may be kept. */
export function unkept(model: Model): Folders[] {
  return servedByNode(model).flatMap((folders) => {
    const [first, ...others] = folders.filter((each) => isUnset(each.options) && !setsHeadersBefore(model, each));
    return first === undefined ? [] : [[first, ...others]];
  });
}

function servedByNode(model: Model): Folders[] {
  const found = [...staticFilesOf(model), ...frameworkStatics(model)].filter(
    ({ folder }) => !/swagger|api-?docs?|redoc|coverage|apidoc|\.\w{2,5}$/i.test(folder),
  );
  const ofNode = eachOnce(found).filter(({ service }) => !(hasCdn(model, service) || proxyServesFiles(model, service)));
  return perService(ofNode);
}

export type Folders = readonly [StaticFiles, ...StaticFiles[]];

/** However many folders a service hands out, they do it for the same reason and go to the same place. */
function perService(found: readonly StaticFiles[]): Folders[] {
  const services = new Map<string, [StaticFiles, ...StaticFiles[]]>();
  for (const files of found.toSorted(bySource)) {
    const known = services.get(files.service.root);
    if (known === undefined) services.set(files.service.root, [files]);
    else known.push(files);
  }
  return [...services.values()];
}

/** The same folder again is handed out by a second server of the service (while it is set up, say): the entry's counts. */
function eachOnce(found: readonly StaticFiles[]): StaticFiles[] {
  const folders = new Map<string, StaticFiles>();
  for (const files of found) {
    const { service, folder, call } = files;
    const key = folder === "" ? call.id : `${service.root} ${folder}`;
    if (!folders.has(key) || service.entry.includes(call.file)) folders.set(key, files);
  }
  return [...folders.values()];
}

function bySource({ call: a }: StaticFiles, { call: b }: StaticFiles): number {
  return a.file.localeCompare(b.file) || a.line - b.line;
}

function withoutHeadersMatch([first, ...others]: Folders): Match {
  return adviceOnCall("cdn/static-without-cache-headers", first.call, {
    confidence: "high",
    message: `${named([first, ...others])} are sent with \`max-age=0\`: browsers ask again for every one of them on every visit, and a CDN may keep none.`,
    also: others.map(({ call: { file, line } }) => ({ file, line })),
    anchor: `${first.api} ${first.folder}`,
    fix: [first, ...others].every((files) => keepWay(files) !== null) ? "patch" : "brief",
  });
}

/** `maxAge` is 0 unless it is set (documentation of express.static and @fastify/static); Hono says nothing. */
function isUnset(options: Known | null): boolean {
  if (options === null) return true;
  if (options.kind !== "object") return false;
  const { maxAge, maxage, immutable, setHeaders = options.entries["onFound"], cacheControl } = options.entries;
  const age = maxAge ?? maxage;
  const isZero = age === undefined || (age.kind === "literal" && (age.value === 0 || age.value === "0"));
  return !options.open && isZero && immutable === undefined && setHeaders === undefined && cacheControl === undefined;
}

/** The same chain, or the lines before it, say how long files may be kept. */
function setsHeadersBefore(model: Model, { call }: StaticFiles): boolean {
  const statement = textOf(model, { file: call.file, span: call.statement });
  const before = (model.repo.read(call.file) ?? "").slice(0, call.span.start);
  return (
    /cache-control/i.test(statement) || /\.use\([^;]*?(setHeader|set|header)\(\s*["'`]cache-control/is.test(before)
  );
}

function served([first, ...others]: Folders): Match {
  return adviceOnCall("cdn/static-served-by-app", first.call, {
    confidence: "high",
    message: `${named([first, ...others])} come from the Node process, from one place on the earth: each picture and script takes time from the requests that need the app, and far users wait for every one.`,
    also: others.map(({ call: { file, line } }) => ({ file, line })),
    anchor: `${first.api} ${first.folder}`,
  });
}

/** ``The files of `a`, `b` and `c` ``; folders without a name of their own make it "Static files". */
function named(folders: Folders): string {
  const names = folders.map(({ folder }) => folder.split("/").findLast((word) => /\w/.test(word)));
  const known = [...new Set(names.filter((name) => name !== undefined))].map((name) => `\`${name}\``);
  if (known.length === 0 || names.includes(undefined)) return "Static files";
  const [last = "", ...before] = known.toReversed();
  return `The files of ${before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`}`;
}
