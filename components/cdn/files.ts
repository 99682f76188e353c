/** Looks for files that the app hands out itself, and for those that browsers ask for again and again. */
import type { Known, Model } from "../../analyzers/model.ts";
import { staticFilesOf, type StaticFiles } from "../../analyzers/serving/static-files.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { adviceOnCall } from "../advice.ts";
import type { Match } from "../finding.ts";
import { hasCdn, proxyServesFiles } from "./hosts.ts";

export function servedFiles(model: Model): Match[] {
  const found = staticFilesOf(model).filter(
    ({ folder }) => !/swagger|api-?docs?|redoc|coverage|apidoc|\.\w{2,5}$/i.test(folder),
  );
  return eachOnce(found).flatMap((files) => {
    if (hasCdn(model, files.service) || proxyServesFiles(model, files.service)) return [];
    return [...withoutHeaders(model, files), served(files)];
  });
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

function withoutHeaders(model: Model, files: StaticFiles): Match[] {
  if (!isUnset(files.options) || setsHeadersBefore(model, files)) return [];
  return [
    adviceOnCall("cdn/static-without-cache-headers", files.call, {
      confidence: "high",
      message: `${named(files)} are sent with \`max-age=0\`: browsers ask again for every one of them on every visit, and a CDN may keep none.`,
      anchor: `${files.api} ${files.folder}`,
    }),
  ];
}

/** `maxAge` is 0 unless it is set (Express documentation, express.static). */
function isUnset(options: Known | null): boolean {
  if (options === null) return true;
  if (options.kind !== "object") return false;
  const { maxAge, maxage, immutable, setHeaders, cacheControl } = options.entries;
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

function served(files: StaticFiles): Match {
  return adviceOnCall("cdn/static-served-by-app", files.call, {
    confidence: "high",
    message: `${named(files)} come from the Node process, from one place on the earth: each picture and script takes time from the requests that need the app, and far users wait for every one.`,
    anchor: `${files.api} ${files.folder}`,
  });
}

function named({ folder }: StaticFiles): string {
  const last = folder.split("/").findLast((word) => /\w/.test(word));
  return last === undefined ? "Static files" : `The files of \`${last}\``;
}
