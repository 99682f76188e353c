/** Looks for files inside database rows: binary columns for what users send, pictures as text in JSON. */
import { indexIn } from "../../analyzers/ids.ts";
import { callsIn, withInner } from "../../analyzers/code/calls-in.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { entriesBehind } from "../../analyzers/code/entries-behind.ts";
import type { CallSite, Fn, Known, Model } from "../../analyzers/model.ts";
import { originsOf } from "../../analyzers/flow/origins.ts";
import type { Value } from "../../analyzers/summary.ts";
import { adviceOnCall, labelsOf, waysOf } from "../advice.ts";
import type { Match } from "../finding.ts";
import { binaryColumns } from "./columns.ts";
import { receiversOf } from "./receivers.ts";

const rule = "object-storage/binary-inline-in-json-or-db";

export function inlineBinaries(model: Model): Match[] {
  return [...binaryColumns(model), ...encodedFiles(model), ...picturesInJson(model)];
}

/** `req.file.buffer.toString("base64")` that ends in a row; what is handed to a model or a storage service is not kept. */
function encodedFiles(model: Model): Match[] {
  return serverFunctions(model).flatMap((fn) => {
    const text = textOf(model, fn);
    if (
      !/\.(buffer|data)(\?|!)?\.toString\(\s*["'`]base64|(Buffer\.from\([^)]*file[^)]*\)|readFileSync\([^)]*file[^)]*\))\.toString\(\s*["'`]base64/i.test(
        text,
      )
    )
      return [];
    const calls = withInner(model, fn).flatMap((each) => callsIn(model, each));
    if (
      calls.some((call) =>
        model
          .usesAt(call)
          .some(
            ({ kind, api }) => kind === "model" || kind === "http" || (kind === "storage" && !api.startsWith("multer")),
          ),
      )
    )
      return [];
    const write = calls.find((call) => isWrite(model, call));
    const ways =
      write === undefined
        ? []
        : model.reach(write).filter(({ entry }) => entry.kind === "route" && !/^GET\b/.test(entry.label));
    if (write === undefined || ways.length === 0) return [];
    return [
      adviceOnCall(rule, write, {
        confidence: "medium",
        message: said,
        anchor: `base64 in ${fn.name ?? "a function"}`,
        ...waysOf(ways),
      }),
    ];
  });
}

const said =
  "Whole files are stored inside a row: every query that reads the row carries them through the database, the process and the network, and backups grow by the gigabyte.";

const picture =
  /^(poster|avatar|photo|photos|picture|pictures|image|images|img|logo|banner|cover|cover_?image|thumbnail|signature|screenshot|selfie|profile_?pic(ture)?|profile_?image|profile_?photo|attachment|attachments|base64|image_?data|file_?data|media)$/i;
/** JSON parsers take 100 KB unless told otherwise (body-parser README); whoever raises that to megabytes expects files in it. */
const roomForFiles = 4 * 1024 * 1024;

/** A picture of the body that is stored as it came, in an app whose JSON may be large enough to hold one. */
function picturesInJson(model: Model): Match[] {
  if (!takesLargeJson(model)) return [];
  return serverFunctions(model).flatMap((fn) => {
    const text = textOf(model, fn);
    if (
      !/\b(body|input|data|payload|dto|parse\()/.test(text) ||
      /cloudinary|uploader|\bupload\w*\(|putObject|s3\b|storage|google|facebook|oauth|id_?token/i.test(text)
    )
      return [];
    const write = callsIn(model, fn).find((call) => isWrite(model, call) && carriesPicture(model, call));
    const ways =
      write === undefined
        ? []
        : model.reach(write).filter(({ entry }) => entry.kind === "route" && /^(POST|PUT|PATCH)\b/.test(entry.label));
    const own = entriesBehind(model, fn);
    if (write === undefined || ways.length === 0) return [];
    const { path, routes } = waysOf(ways);
    return [
      adviceOnCall(rule, write, {
        confidence: keepsElsewhere(model) ? "low" : "medium",
        message: `Pictures arrive as text inside JSON and are stored in the row. ${said}`,
        routes: routes.length > 0 ? routes : labelsOf(own),
        path,
        anchor: `picture in ${fn.name ?? "a function"}`,
      }),
    ];
  });
}

/** An app that has a storage service, or a door for pictures of every kind, keeps their addresses under such names. */
function keepsElsewhere(model: Model): boolean {
  const stores = model
    .usesOfKind("storage")
    .some(
      ({ api, call }) => !/^(multer|express-fileupload|formidable):/.test(api) && model.context(call.file) === "server",
    );
  const door = /upload|image|photo|picture|media|\bfiles?\b/i;
  return (
    stores || receiversOf(model).some(({ to, routes }) => to !== "memory" && routes.some(({ path }) => door.test(path)))
  );
}

function takesLargeJson(model: Model): boolean {
  return ["express:json", "body-parser:json", "express:urlencoded", "body-parser:urlencoded"]
    .flatMap((api) => model.usesOf(api))
    .some(({ call }) => {
      const limit = call.args[0]?.kind === "object" ? call.args[0].entries["limit"] : undefined;
      return limit?.kind === "literal" && bytesOf(limit) > roomForFiles;
    });
}

function bytesOf({ value }: Extract<Known, { kind: "literal" }>): number {
  const [, digits = "0", unit = ""] = /^([\d.]+)\s*([kmg])?b?$/i.exec(String(value).trim()) ?? [];
  return Number(digits) * ({ k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit.toLowerCase()] ?? 1);
}

/** A call that is, or leads to, a write; SQL that goes through the app's own functions tells by its text. */
function isWrite(model: Model, call: CallSite): boolean {
  if (model.usesAt(call).some(({ kind }) => kind === "database-write")) return true;
  if (
    !/^[\s\w.$]*(?:<[^()]*>)?\(\s*["'`]\s*(insert|update)\b/i.test(textOf(model, call)) &&
    !/\.(save|create|insert\w*|update\w*|upsert)\(/.test(textOf(model, call))
  )
    return false;
  return [call, ...model.targets(call).flatMap((fn) => callsIn(model, fn))].some(
    (each) =>
      model.usesAt(each).some(({ kind }) => kind?.startsWith("database") === true) || model.targets(each).length > 0,
  );
}

function carriesPicture(model: Model, call: CallSite): boolean {
  const args = model.summary(call.file)?.calls[indexIn(call.id)]?.args ?? [];
  return args.some((arg) => picturesIn(arg).some((value) => originsOf(model, call.file, value).has("body")));
}

/** Values that are called a picture, by their key or by the property they come from. */
function picturesIn(value: Value): Value[] {
  switch (value.kind) {
    case "object":
      return value.entries.flatMap((entry) =>
        picture.test(entry.key) && isPlain(entry.value) ? [entry.value] : picturesIn(entry.value),
      );
    case "array":
      return value.items.flatMap(picturesIn);
    case "either":
      return value.of.flatMap(picturesIn);
    case "member":
      return picture.test(value.property) ? [value] : [];
    case "name":
      return picture.test(value.name) ? [value] : [];
    default:
      return [];
  }
}

/** `image: result.secure_url` is an address, not a picture. */
function isPlain(value: Value): boolean {
  if (value.kind === "member") return picture.test(value.property);
  if (value.kind === "name") return picture.test(value.name);
  return value.kind === "either" && value.of.some(isPlain);
}

function serverFunctions(model: Model): Fn[] {
  const files = new Set(model.entries.filter(({ kind }) => kind === "route").map(({ fn }) => model.fn(fn)?.file ?? ""));
  const others = model.usesOfKind("database-write", "database-read").map(({ call }) => call.file);
  return [...new Set([...files, ...others])]
    .filter((file) => model.context(file) === "server")
    .flatMap((file) => model.functions(file).filter(({ isModule }) => !isModule));
}
