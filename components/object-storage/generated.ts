/** Looks for files that the app makes and hands out later, left on the disk of the machine that made them. */
import { textOf } from "../../analyzers/code/text.ts";
import { diskOf } from "../../analyzers/deployment/disk.ts";
import type { CallSite, Fn, Model, Reach } from "../../analyzers/model.ts";
import { adviceOnCall, labelsOf, placesOf, waysOf } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { fateOf, lowered } from "./fate.ts";
import { fixFor } from "./move/plan.ts";
import { pathOf, type Target } from "./paths.ts";
import { servedFolder } from "./served.ts";
import { isSending } from "./sending.ts";

/** Calls that make a file, apart from those of `file-write`. */
const makers = [
  "sharp:**.toFile",
  "qrcode:toFile",
  "xlsx:writeFile",
  "exceljs:**.writeFile",
  "html-pdf:create().toFile",
  "puppeteer:**.pdf",
  "puppeteer:**.screenshot",
  "playwright:**.pdf",
  "jimp:**.writeAsync",
  "jimp:**.write",
  "fluent-ffmpeg:**.save",
  "json2csv:**.writeFile",
  "csv-writer:createObjectCsvWriter",
];

export function generatedFiles(model: Model, uploads: ReadonlySet<string>): Match[] {
  const writes = model.usesOfKind("file-write").filter(({ api }) => !/append|rename|copy|\bcp\b|move/i.test(api));
  const made = makers.flatMap((api) => model.usesOf(api));
  const calls = new Map([...writes, ...made].map(({ call }) => [call.id, call]));
  return [...calls.values()].flatMap((call) => {
    if (uploads.has(call.id) || !["server", "worker"].includes(model.context(call.file))) return [];
    const ways = model.reach(call).filter(({ entry }) => /^(route|worker-job|schedule|socket)$/.test(entry.kind));
    const target = pathOf(model, call);
    if (ways.length === 0 || target === null || isAside(target)) return [];
    const use = useOf(model, call, target);
    return use === null ? [] : [matchOf(model, call, ways, target, use)];
  });
}

/** Logs, caches, scratch files and the app's own settings. */
function isAside({ text }: Target): boolean {
  return /tmpdir|["'`/](\.?tmp|temp|te?mp_?dir|\.?cache|logs?|\.next|dist|build|coverage)\b|\.(log|lock|pid|tmp|env|pem|key|crt|conf)\b|\b\w*(tmp|temp(?!l)|cache|log_?(file|path|dir)|lock)\w*\b|\/dev\//i.test(
    text,
  );
}

type Use = { kind: "handed-out" | "data"; readers: CallSite[] } | { kind: "unseen"; readers: CallSite[] };

/** Null where it is gone again, or on its way, before the request ends. */
function useOf(model: Model, call: CallSite, target: Target): Use | null {
  const fn = model.fn(call.fn);
  const around = fn === null ? [] : aroundOf(model, fn);
  const texts = around.map((each) => textOf(model, each)).join("\n");
  const done = around.map((each) => whenAllGoesWell(model, each)).join("\n");
  if (
    /\b(unlink|unlinkSync|rm|rmSync|remove|removeSync)\s*\(/.test(done) &&
    !/\b(existsSync|old\w*|previous)\b[^\n]*\n?[^\n]*unlink/i.test(done)
  )
    return null;
  if (
    fn !== null &&
    /\.(sendFile|download)\(|createReadStream\(|attachments\s*:|\.pipe\(\s*(res|reply|response)\b/.test(texts)
  )
    return null;
  const readers = readersOf(model, call, target);
  const isData = /\.json\b/i.test(target.text) || target.words.some((word) => word.endsWith(".json"));
  if (isData) return readers.length > 0 ? { kind: "data", readers } : { kind: "unseen", readers };
  const isServed = servedFolder(model, target.words.filter((word) => !word.includes(".")).join("/"));
  const isLinked =
    /(url|link|path|href|src)\w*["']?\s*[:=]\s*[^\n;]*["'`]?[^\n;]*\/?(uploads?|public|files?|exports?|reports?|invoices?|images?|static|media|downloads?|qr\w*|certificates?)\//i.test(
      texts,
    );
  return { kind: isServed || isLinked || readers.length > 0 ? "handed-out" : "unseen", readers };
}

/** What a function does without what it does after a failure: files that are taken away there were never to be kept. */
function whenAllGoesWell(model: Model, fn: Fn): string {
  const handlers = (model.summary(fn.file)?.tries ?? []).flatMap(({ handler }) =>
    handler !== null && fn.span.start <= handler.start && handler.end <= fn.span.end ? [handler] : [],
  );
  return handlers
    .filter((each) => !handlers.some((other) => other !== each && other.start <= each.start && each.end <= other.end))
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (text, { start, end }) => text.slice(0, start - fn.span.start) + text.slice(end - fn.span.start),
      textOf(model, fn),
    );
}

/** The function, those it is written in, and the route's handler that calls it directly. */
function aroundOf(model: Model, fn: Fn): Fn[] {
  const found: Fn[] = [];
  for (
    let each: Fn | null = fn;
    each !== null && !each.isModule;
    each = each.parent === null ? null : model.fn(each.parent)
  )
    found.push(each);
  return [
    ...found,
    ...model
      .callers(fn.id)
      .flatMap((site) => model.fn(site.fn) ?? [])
      .filter((each) => !each.isModule),
  ];
}

const reading = ["node:fs:**", "node:fs/promises:**", "fs-extra:**", "express:**"];

/** Other calls of the server that open a file of the same folder. */
function readersOf(model: Model, call: CallSite, { words }: Target): CallSite[] {
  const telling = words.filter((word) => word.length >= 3 && !/^(\.+|public|src|dist|assets|static)$/.test(word));
  if (telling.length === 0) return [];
  const opened = reading
    .flatMap((api) => model.usesOf(api))
    .filter(({ api }) => /(readFile(Sync)?|createReadStream|readJson(Sync)?|access(Sync)?|existsSync)$/.test(api))
    .map((use) => use.call);
  return [...opened, ...sentFiles(model)].filter((each) => {
    const fn = model.fn(each.fn);
    if (each.id === call.id || fn === null || fn.isModule || model.context(each.file) !== "server") return false;
    const path = pathOf(model, each);
    return path !== null && telling.some((word) => path.words.includes(word));
  });
}

/** `res.download(path)`, `res.sendFile(path)`: calls on the answer, which comes from nowhere that can be named. */
function sentFiles(model: Model): CallSite[] {
  return model.repo.files.flatMap((file) => {
    const calls = model.context(file) === "server" ? (model.summary(file)?.calls ?? []) : [];
    return calls.flatMap(({ callee }, index) =>
      callee.kind === "member" && /^(download|sendFile|sendfile)$/.test(callee.property)
        ? (model.call(`${file}#${index}`) ?? [])
        : [],
    );
  });
}

/** A setting decides between this and a function of the same name that sends files to a storage service: `local.ts` beside `s3.ts`. */
function isOneOfSeveral(model: Model, call: CallSite): boolean {
  const own = new Set(namesAround(model, call));
  return model
    .usesOfKind("storage")
    .filter((use) => isSending(use) && use.call.file !== call.file)
    .some((use) => namesAround(model, use.call).some((name) => own.has(name)));
}

function namesAround(model: Model, { fn: id }: CallSite): string[] {
  const names: string[] = [];
  for (let fn = model.fn(id); fn !== null && !fn.isModule; fn = fn.parent === null ? null : model.fn(fn.parent))
    if (fn.name !== null) names.push(fn.name);
  return names;
}

function matchOf(model: Model, call: CallSite, ways: readonly Reach[], target: Target, use: Use): Match {
  const service = model.service(call.file);
  const disk = service === null ? null : diskOf(model, service);
  const what =
    use.kind === "data" ? "The app's data is kept in a file on" : "A file that is handed out later is left on";
  const base: Confidence = use.kind === "unseen" || isOneOfSeveral(model, call) ? "low" : "high";
  const { routes, path } = waysOf(ways);
  const name = model.fn(call.fn)?.name ?? "a function";
  return adviceOnCall("object-storage/generated-file-on-local-disk", call, {
    ...(use.kind === "data" ? { title: "The app's data is a file on the disk of one machine" } : {}),
    confidence: disk === null ? base : lowered(disk, target.words.join("/"), base),
    message: `${what} the disk of the machine that made it. ${fateOf(model, service, disk)
      .replace(/them all/, "it")
      .replace("does not have them", "does not have it")
      .replace("they are gone", "it is gone")}`,
    also: placesOf(use.readers, call),
    routes: routes.length > 0 ? routes : labelsOf([]),
    path: path.length > 0 ? path : (ways[0]?.path ?? []),
    anchor: `${model.usesAt(call)[0]?.api ?? "write"} in ${name}`,
    fix: fixFor(model, call),
  });
}
