/** Keeps what other services answer for everybody: by Next's own fetch where it has one, else in the app's cache. */
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Model, Place, Service } from "../../analyzers/model.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import { openSource, replace, type Source } from "../../patches/editors/source.ts";
import type { Finding } from "../finding.ts";
import { askedAddress } from "./asked-address.ts";
import { askedParts, type AskedParts } from "./outside-parts.ts";
import { cachedModule } from "./cached-module.ts";
import { goodFor } from "./how-long.ts";
import { importFor } from "./import-for.ts";
import type { Mend } from "./outcome.ts";
import { writtenCall } from "./written-call.ts";

/** What else a page asks for in the same way is kept along with it, where it can be. */
export function keptAskings(finding: Finding, model: Model): ReturnType<typeof keptAsking> {
  const first = keptAsking(finding, model);
  if (!("service" in first)) return first;
  const beside = model
    .usesOfKind("http")
    .filter(({ call: { file, line } }) => finding.also.some((place) => place.file === file && place.line === line))
    .flatMap(({ call }) => {
      const kept = keptAsking({ ...finding, call: call.id, also: [] }, model);
      return "service" in kept && kept.service === first.service ? [kept.mend] : [];
    });
  const mends = [first.mend, ...beside];
  return {
    service: first.service,
    mend: {
      edits: mends.flatMap(({ edits }) => edits),
      imports: mends.flatMap(({ imports }) => imports),
      notes: mends.flatMap(({ notes }) => notes),
    },
  };
}

/** With a service the mend needs the app's `cached`; without one it stands by itself. */
function keptAsking(finding: Finding, model: Model): { service: Service; mend: Mend } | Mend | { cannot: string } {
  const call = finding.call === null ? null : model.call(finding.call);
  const service = call === null ? null : model.service(call.file);
  const source = call === null ? null : openSource(model.repo, call.file);
  if (call === null || service === null || source === null) return { cannot: "the file could not be parsed" };
  const next = revalidated(call, finding.also, service, model);
  if (next !== null) return next;
  if (isServerless(model, service) && cachedModule(model, service).redis === null)
    return {
      cannot:
        "the host runs functions, which share no memory: a hosted Redis, or a `Cache-Control` header on the page, keeps it",
    };
  const parts = askedParts(source, call.span);
  if ("cannot" in parts) return parts;
  const asked = askedAddress(source, parts.call);
  if ("cannot" in asked) return asked;
  const edits = writtenParts(source, parts, asked.key);
  return { service, mend: { edits, imports: [importFor(call.file, service, model)], notes: [] } };
}

/** `fetch(url, { next: { revalidate: 3600 } })`, where Next's own fetch runs. Null elsewhere. */
function revalidated(
  call: CallSite,
  also: readonly Place[],
  service: Service,
  model: Model,
): Mend | { cannot: string } | null {
  const routes = model.reach(call).flatMap(({ entry }) => model.routes.find(({ id }) => id === entry.routeId) ?? []);
  const isNext =
    routes.length > 0 && routes.every(({ framework, file }) => framework === "next" && isOfAppRouter(file));
  if (!isNext || !isFetch(model, call)) return null;
  if (!(majorOf(service.dependencies["next"]) >= 13)) return { cannot: "this Next has no cache for what it fetches" };
  if (routes.some(({ settings }) => settings?.dynamic === "force-dynamic"))
    return { cannot: "its page says that it is made anew each time" };
  const others = model
    .usesOf("global:fetch")
    .map((use) => use.call)
    .filter(
      (other) => other.id !== call.id && also.some(({ file, line }) => other.file === file && other.line === line),
    );
  const mends = [call, ...others].map((each) => revalidatedCall(each, model));
  const [first] = mends;
  if (first === undefined || "cannot" in first) return first ?? null;
  return {
    edits: mends.flatMap((mend) => ("edits" in mend ? mend.edits : [])),
    imports: [],
    notes: mends.flatMap((mend) => ("edits" in mend ? mend.notes : [])),
  };
}

function isOfAppRouter(file: string): boolean {
  return /(^|\/)app\//.test(file) && !/(^|\/)pages\//.test(file);
}

function isFetch(model: Model, call: CallSite): boolean {
  return model.usesAt(call).some(({ api }) => api === "global:fetch");
}

function revalidatedCall(call: CallSite, model: Model): Mend | { cannot: string } {
  const source = openSource(model.repo, call.file);
  const fn = model.fn(call.fn);
  if (source === null || fn === null) return { cannot: "the file could not be parsed" };
  const written = source.text.slice(call.span.start, call.span.end);
  if (/\b(cache|next)\s*:/.test(written)) return { cannot: "the call says itself how it is kept" };
  const { seconds } = goodFor(fn.isModule ? written : textOf(model, fn));
  const edits = setOptions(source, call.span, 1, { next: `{ revalidate: ${seconds} }` });
  if (edits === null) return { cannot: "its options are put together elsewhere" };
  return { edits, imports: [], notes: [`Next keeps what ${call.file}:${call.line} fetches for ${seconds} seconds.`] };
}

function writtenParts(source: Source, parts: AskedParts, key: string): Mend["edits"] {
  const { ttl } = goodFor(parts.call.getText(source.tree) + key);
  const end = source.style.semicolons ? ";" : "";
  const call = { key, options: `{ ttlMs: ${ttl} }` };
  const lineStart = source.text.lastIndexOf("\n", parts.range.start - 1) + 1;
  const lead = source.text.slice(lineStart, parts.range.start);
  if (parts.kind === "data") {
    const asked = source.text.slice(parts.range.start, parts.range.end);
    const lines = [`const { data } = await ${asked}${end}`, `return { data }${end}`];
    return [
      replace(source, parts.range, writtenCall(source, lead, call, { kind: "block", head: "async () =>", lines })),
    ];
  }
  const check = parts.unchecked === null ? [] : [`if (!${parts.unchecked}.ok) dontKeep()${end}`];
  const lines = [parts.inside, ...check, `return ${parts.read}${end}`];
  const head = check.length > 0 ? "async (dontKeep) =>" : "async () =>";
  return [
    ...(parts.gone === null ? [] : [replace(source, parts.gone, "")]),
    replace(source, parts.range, writtenCall(source, lead, call, { kind: "block", head, lines })),
  ];
}
