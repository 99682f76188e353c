/** Tells browsers how long they may keep the files that the app hands out. */
import { posix } from "node:path";
import type { CallSite, Model } from "../../analyzers/model.ts";
import type { StaticFiles } from "../../analyzers/serving/static-files.ts";
import type { Edit } from "../../patches/edit.ts";
import { callsTo, setOptions } from "../../patches/editors/calls.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import type { ImportWish } from "../../patches/editors/imports.ts";
import { openSource, type Source, styleFor } from "../../patches/editors/source.ts";
import { fill } from "../../patches/fill.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { unkept } from "./files.ts";
import { keepWay, type KeepWay } from "./keep-way.ts";
import type { Outcome, Wanted } from "./pack.ts";

export function keep(finding: Finding, model: Model, templates: Templates): Outcome {
  const folders = unkept(model).find(([first]) => first.call.id === finding.call);
  if (folders === undefined) return { cannot: "the call is no longer there" };
  const ways = folders.map((files) => ({ files, way: keepWay(files) }));
  const kept = ways.flatMap(({ files, way }) => (way === null ? [] : [{ files, way }]));
  const other = ways.find(({ way }) => way === null);
  if (other !== undefined) return { cannot: `the recipe does not know how \`${other.files.api}\` is told` };
  const file = newFile(model.repo, posix.dirname(folders[0].call.file), "static-cache", folders[0].call.file);
  const files = [...new Set(folders.map(({ call }) => call.file))];
  const parts = files.map((name) =>
    headersIn(
      name,
      kept.filter(({ files: { call } }) => call.file === name),
      file,
      model,
    ),
  );
  const refusal = parts.find((part) => "cannot" in part);
  if (refusal !== undefined) return refusal;
  return {
    edits: [
      { kind: "create", file, text: toDialect(moduleFor(kept, templates), styleFor(model.repo, file)) },
      ...parts.flatMap((part) => ("edits" in part ? part.edits : [])),
    ],
    imports: parts.flatMap((part) => ("imports" in part ? part.imports : [])),
    notes: [
      "Names with a fingerprint in them are kept for a year, pages are asked for each time, everything else is kept for ten minutes: look whether one of the files must be newer than that.",
    ],
  };
}

/** The module with what is called of it and no more. */
function moduleFor(kept: readonly Kept[], templates: Templates): string {
  const uses = (name: KeepWay["uses"]): boolean => kept.some(({ way }) => way.uses === name);
  const text = fill(templates("static-cache.ts"), { response: uses("cacheHeaders") });
  return uses("cacheControlFor") ? text : text.replace("export function cacheControlFor", "function cacheControlFor");
}

interface Kept {
  files: StaticFiles;
  way: KeepWay;
}

function headersIn(
  name: string,
  kept: readonly Kept[],
  module: string,
  model: Model,
): { edits: Edit[]; imports: Wanted[] } | { cannot: string } {
  const source = openSource(model.repo, name);
  if (source === null) return { cannot: "the file could not be parsed" };
  const edits: Edit[] = [];
  const imports = new Map<KeepWay["uses"], ImportWish | null>();
  for (const { files, way } of kept) {
    const { call } = files;
    if (isGuarded(source, call))
      return { cannot: `what stands before the files at ${name}:${call.line} decides who may see them` };
    const imported = importOf(source, { file: module, exported: way.uses, local: way.uses });
    const options = setOptions(source, call.span, way.options, way.set(imported.name), "spread");
    if (options === null) return { cannot: `the options at ${name}:${call.line} could not be added to` };
    edits.push(...options);
    imports.set(way.uses, imported.wish);
  }
  return { edits, imports: [...imports.values()].flatMap((wish) => (wish === null ? [] : [{ source, wish }])) };
}

/** `app.use("/bills", requireUser, express.static("bills"))`: a note that anybody may keep a copy would be wrong. */
function isGuarded(source: Source, { span }: CallSite): boolean {
  const mount = callsTo(source, /\.(use|get|all)$/).findLast(({ start, end }) => start < span.start && span.end < end);
  const beside = mount?.args.filter(({ end }) => end <= span.start) ?? [];
  return (
    beside.some(({ start, end }) => !/^["'`]/.test(source.text.slice(start, end))) ||
    checksAll.test(source.text.slice(0, span.start))
  );
}

/** A login check that everything behind it goes through. */
const checksAll =
  /\.use\(\s*(passport\.authenticate\(|(\w+\.)?(require|ensure|check|verify|is|protect|authenticate)(\w*(auth|user|login|logged|admin|token|jwt)\w*)?\s*[,)]|(\w+\.)?auth(Middleware|Guard|Check|Required)?\s*\))/i;
