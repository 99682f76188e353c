/** Users' files in Python apps: those that stay on the disk, and those that may have any size. */
import { audienceFinder } from "../../analyzers/audience/audience.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { diskOf } from "../../analyzers/deployment/disk.ts";
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import { adviceOnCall, inWords, labelsOf, placesOf, waysOf } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { fateOf, lowered } from "./fate.ts";
import { handlersOf, keptBy, sizeAsked, takersOf, type Taker } from "./python-uploads.ts";
import { isSending } from "./sending.ts";

/** One per function that writes, wherever its file came from. */
export function pythonUploads(model: Model): Match[] {
  const byFn = new Map<string, { call: CallSite; api: string; code: string }[]>();
  for (const taker of takersOf(model)) {
    if (sendsOn(model, taker)) continue;
    for (const kept of keptBy(model, taker)) {
      const others = byFn.get(kept.call.fn) ?? [];
      if (!others.some(({ call }) => call.id === kept.call.id)) byFn.set(kept.call.fn, [...others, kept]);
    }
  }
  return [...byFn.values()].flatMap(([first, ...more]) => {
    const ways = first === undefined ? [] : waysIn(model, first.call);
    if (first === undefined || ways.length === 0) return [];
    const service = model.service(first.call.file);
    const disk = service === null ? null : diskOf(model, service);
    const { routes, path } = waysOf(ways);
    const folder = /["']([\w./-]+)["']/.exec(first.code)?.[1] ?? null;
    return [
      adviceOnCall("object-storage/upload-to-local-disk", first.call, {
        confidence: disk === null ? "medium" : lowered(disk, folder, "high"),
        message: `${inWords(routes, "A route")} ${routes.length === 1 ? "leaves" : "leave"} users' files on the disk of the machine that took them. ${fateOf(model, service, disk)}`,
        routes,
        path,
        also: placesOf(
          more.map(({ call }) => call),
          first.call,
        ),
        anchor: `${first.api} in ${model.fn(first.call.fn)?.name ?? "a function"}`,
      }),
    ];
  });
}

function sendsOn(model: Model, taker: Taker): boolean {
  const inside = new Set(handlersOf(model, taker).map(({ id }) => id));
  return model.usesOfKind("storage").some((use) => inside.has(use.call.fn) && isSending(use));
}

function waysIn(model: Model, call: CallSite): Reach[] {
  return model.reach(call).filter(({ entry }) => entry.kind === "route" && !/^GET\b/.test(entry.label));
}

/** What reads or saves a whole file: nothing is spent before. */
const consuming = /\.(read|save|chunks|write|write_bytes|copyfileobj|upload\w*|put_object)$|^(copyfileobj|read|save)$/;

/** One per function that takes files. Flask counts every body against `MAX_CONTENT_LENGTH`, nginx against 1 MB unless told otherwise. */
export function pythonSizes(model: Model): Match[] {
  const bounded = boundedServices(model);
  const audienceOf = audienceFinder(model);
  return takersOf(model).flatMap((taker): Match[] => {
    const { fn } = taker;
    // What is handed to a form or a serializer as a whole is checked there.
    if (taker.names.length === 0 && !/\.(files|FILES)(\[|\.get)/.test(textOf(model, fn))) return [];
    if (bounded(fn.file) || handlersOf(model, taker).some((each) => sizeAsked.test(textOf(model, each)))) return [];
    const routes = model.routes.filter(
      ({ handlers, method }) => method !== "GET" && handlers.some((handler) => handler.fn === fn.id),
    );
    const at = callAt(model, taker);
    if (routes.length === 0 || at === null) return [];
    const audience = widest(routes.map(audienceOf));
    const labels = labelsOf(routes.map(({ method, path }) => ({ label: `${method} ${path}` })));
    return [
      adviceOnCall("object-storage/upload-no-size-limit", at, {
        confidence: confidenceFor(audience),
        message: `${audience === "anyone" ? "Anyone" : "A user"} can send files of any size to ${inWords(labels, "a route")}: a few fill the disk or the memory, and everybody waits for the upload to end.`,
        routes: labels,
        anchor: `${fn.name ?? "a function"} takes files`,
      }),
    ];
  });
}

function widest(audiences: readonly ReturnType<ReturnType<typeof audienceFinder>>[]): "anyone" | "users" | "staff" {
  return audiences.includes("anyone") ? "anyone" : audiences.includes("users") ? "users" : "staff";
}

function confidenceFor(audience: "anyone" | "users" | "staff"): Confidence {
  return audience === "staff" ? "low" : audience === "anyone" ? "high" : "medium";
}

/** The first call in the function that takes the file's bytes. */
function callAt(model: Model, { fn, names }: Taker): CallSite | null {
  const calls = handlersOf(model, { fn, names })
    .filter(({ id, parent }) => id === fn.id || parent === fn.id)
    .flatMap(({ file, id }) =>
      (model.summary(file)?.calls ?? []).flatMap((call, index) => {
        const site = model.call(`${file}#${index}`);
        const { callee } = call;
        const method = callee.kind === "member" ? `.${callee.property}` : "name" in callee ? callee.name : "";
        const mentions = site !== null && names.some((name) => new RegExp(`\\b${name}\\b`).test(textOf(model, site)));
        return site?.fn === id && (mentions || /\.(files|FILES)\b/.test(textOf(model, site)))
          ? [{ site, isConsuming: consuming.test(method) }]
          : [];
      }),
    );
  return (calls.find(({ isConsuming }) => isConsuming) ?? calls[0])?.site ?? null;
}

/** Whether something in front of a file's service, or the service itself, bounds every body. */
function boundedServices(model: Model): (file: string) => boolean {
  const said = model.repo.files.flatMap((file) => {
    const isConfiguration = isPython(file) || /(^|\/)[\w.-]*nginx[\w.-]*$|\.conf$/.test(file);
    const text = isConfiguration ? (model.repo.read(file) ?? "") : "";
    const bounds = isPython(file)
      ? model.context(file) !== "test" &&
        /MAX_CONTENT_LENGTH|LimitUploadSize|RequestSizeLimit|ContentSizeLimit|max_body_size/i.test(text)
      : /\bproxy_pass\b/.test(text) && !/client_max_body_size\s+0/.test(text);
    return bounds ? [{ file, service: isPython(file) ? model.service(file) : null }] : [];
  });
  return (file) => said.some(({ service }) => service === null || service === model.service(file));
}
