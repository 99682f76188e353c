/** Tells browsers how long they may keep the files that Express hands out. */
import { posix } from "node:path";
import type { CallSite, Model } from "../../analyzers/model.ts";
import type { StaticFiles } from "../../analyzers/serving/static-files.ts";
import type { Edit } from "../../patches/edit.ts";
import { callsTo, setOptions } from "../../patches/editors/calls.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import { openSource, type Source, styleFor } from "../../patches/editors/source.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { isOfExpress, unkept } from "./files.ts";
import type { Outcome, Wanted } from "./pack.ts";

export function keep(finding: Finding, model: Model, templates: Templates): Outcome {
  const folders = unkept(model).find(([first]) => first.call.id === finding.call);
  if (folders === undefined) return { cannot: "the call is no longer there" };
  if (!folders.every(({ api }) => isOfExpress(api)))
    return { cannot: "the recipe sets the headers of `express.static` and `serve-static`" };
  const file = newFile(model.repo, posix.dirname(folders[0].call.file), "static-cache", folders[0].call.file);
  const files = [...new Set(folders.map(({ call }) => call.file))];
  const parts = files.map((name) =>
    headersIn(
      name,
      folders.filter(({ call }) => call.file === name),
      file,
      model,
    ),
  );
  const refusal = parts.find((part) => "cannot" in part);
  if (refusal !== undefined) return refusal;
  return {
    edits: [
      { kind: "create", file, text: toDialect(templates("static-cache.ts"), styleFor(model.repo, file)) },
      ...parts.flatMap((part) => ("edits" in part ? part.edits : [])),
    ],
    imports: parts.flatMap((part) => ("imports" in part ? part.imports : [])),
    notes: [
      "Names with a fingerprint in them are kept for a year, pages are asked for each time, everything else is kept for ten minutes: look whether one of the files must be newer than that.",
    ],
  };
}

function headersIn(
  name: string,
  folders: readonly StaticFiles[],
  module: string,
  model: Model,
): { edits: Edit[]; imports: Wanted[] } | { cannot: string } {
  const source = openSource(model.repo, name);
  if (source === null) return { cannot: "the file could not be parsed" };
  const headers = importOf(source, { file: module, exported: "cacheHeaders", local: "cacheHeaders" });
  const edits: Edit[] = [];
  for (const { call } of folders) {
    if (isGuarded(source, call))
      return { cannot: `what stands before the files at ${name}:${call.line} decides who may see them` };
    const options = setOptions(source, call.span, 1, { setHeaders: headers.name }, "spread");
    if (options === null) return { cannot: `the options at ${name}:${call.line} could not be added to` };
    edits.push(...options);
  }
  return { edits, imports: headers.wish === null ? [] : [{ source, wish: headers.wish }] };
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
