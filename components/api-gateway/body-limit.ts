/** Looks for parsers that take bodies of any size. */
import type { Known, Model, Use } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";

const mebibyte = 1024 * 1024;
/** JSON is parsed on the main thread: at about 100 MB per second, 10 MB stop every other request for a tenth of a second. */
const mostSensible = 10 * mebibyte;

const parsers = ["express", "body-parser"].flatMap((name) =>
  ["json", "urlencoded", "text", "raw"].map((kind) => `${name}:${kind}`),
);

export function unlimitedBodies(model: Model): Match[] {
  const inServer = ({ call }: Use): boolean => model.context(call.file) === "server";
  return [
    ...parsers
      .flatMap((api) => model.usesOf(api))
      .filter(inServer)
      .flatMap(raisedLimit),
    ...["multer:", "express-fileupload:"]
      .flatMap((api) => model.usesOf(api))
      .filter(inServer)
      .flatMap((use) => memoryUpload(use, model, audienceOf)),
  ];
}

function raisedLimit(use: Use): Match[] {
  const limit = entry(use.call.args[0], "limit");
  const bytes = limit?.kind === "literal" ? bytesOf(limit.value) : null;
  if (bytes === null || bytes <= mostSensible) return [];
  const size = bytes === Infinity ? "any size" : `up to ${Math.round(bytes / mebibyte)} MB`;
  return [
    match(
      use,
      `Every request may bring a body of ${size}, which is read into memory and parsed before any check: a few at once stop the app.`,
    ),
  ];
}

/** Files kept in memory without `fileSize`; those that go to a disk are the object-storage component's matter. */
function memoryUpload(use: Use, model: Model): Match[] {
  const [options] = use.call.args;
  if (options !== undefined && (options.kind !== "object" || options.open)) return [];
  const isMulter = use.api.startsWith("multer");
  const storage = entry(options, "storage");
  const inMemory = isMulter
    ? storage === null
      ? entry(options, "dest") === null
      : storage.kind === "external" && storage.api.startsWith("multer:memoryStorage")
    : entry(options, "useTempFiles") === null;
  const limits = entry(options, "limits");
  const hasSize =
    limits !== null && (limits.kind !== "object" || limits.open || limits.entries["fileSize"] !== undefined);
  if (!inMemory || hasSize || takesNoFiles(use, model)) return [];
  return [match(use, "Uploads of any size are held in memory: a few large files at once end the process.")];
}

/** `multer().none()` refuses files. */
function takesNoFiles({ api, call }: Use, model: Model): boolean {
  const hanging = model.uses.filter(
    ({ construction, api: on }) => construction?.id === call.id && on.startsWith(`${api}()`),
  );
  return hanging.length > 0 && hanging.every(({ api: on }) => on.endsWith(".none"));
}

function match({ call, api }: Use, message: string): Match {
  return {
    rule: "api-gateway/no-body-limit",
    file: call.file,
    line: call.line,
    confidence: "high",
    message,
    also: [],
    routes: [],
    path: [],
    call: call.id,
    anchor: api,
    fix: "patch",
  };
}

function entry(options: Known | undefined, key: string): Known | null {
  return options?.kind === "object" ? (options.entries[key] ?? null) : null;
}

const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1024,
  mb: mebibyte,
  gb: 1024 * mebibyte,
  tb: 1024 * 1024 * mebibyte,
};

/** As the parsers read it: a number of bytes, or text such as `50mb`. */
function bytesOf(value: string | number | boolean | null): number | null {
  if (typeof value === "number") return value;
  const [, digits, unit = "b"] = /^([\d.]+)\s*([kmgt]?b)?$/i.exec(typeof value === "string" ? value.trim() : "") ?? [];
  return digits === undefined ? null : Number(digits) * (units[unit.toLowerCase()] ?? 1);
}
