/** Looks for parsers that take bodies of any size. */
import { audienceFinder } from "../../analyzers/audience.ts";
import type { Known, Model, Use } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { keepsInMemory, option } from "./memory-upload.ts";

const mebibyte = 1024 * 1024;
/** JSON is parsed on the main thread: at about 100 MB per second, 10 MB stop every other request for a tenth of a second. */
const mostSensible = 10 * mebibyte;

const parsers = ["express", "body-parser"].flatMap((name) =>
  ["json", "urlencoded", "text", "raw"].map((kind) => `${name}:${kind}`),
);

/** Where a Nest app raises what its adapter takes: 100 kB on Express, 1 MB on Fastify. */
const nestLimits = [
  { api: "@nestjs/core:NestFactory.create().useBodyParser", at: 1, key: "limit" },
  { api: "@nestjs/platform-fastify:FastifyAdapter", at: 0, key: "bodyLimit" },
];

const interceptors = ["File", "Files", "AnyFiles", "FileFields"].map(
  (kind) => `@nestjs/platform-express:${kind}Interceptor`,
);

export function unlimitedBodies(model: Model): Match[] {
  const inServer = ({ call }: Use): boolean => model.context(call.file) === "server";
  return [
    ...parsers
      .flatMap((api) => model.usesOf(api))
      .filter(inServer)
      .flatMap(raisedLimit),
    ...nestLimits.flatMap(({ api, at, key }) =>
      model
        .usesOf(api)
        .filter(inServer)
        .flatMap((use) => raised(use, option(use.call.args[at], key))),
    ),
    ...["multer:", "express-fileupload:", ...interceptors]
      .flatMap((api) => model.usesOf(api))
      .filter((use) => inServer(use) && keepsInMemory(use, model))
      .map((use) => memoryUpload(use, model)),
  ];
}

function raisedLimit(use: Use): Match[] {
  return raised(use, option(use.call.args[0], "limit"));
}

function raised(use: Use, limit: Known | null): Match[] {
  const bytes = limit?.kind === "literal" ? bytesOf(limit.value) : null;
  if (bytes === null || bytes <= mostSensible) return [];
  const size = bytes === Infinity ? "any size" : `up to ${Math.round(bytes / mebibyte)} MB`;
  const message = `Every request may bring a body of ${size}, which is read into memory and parsed before any check: a few at once stop the app.`;
  return [match(use, "high", message)];
}

/** How sure it is that this hurts depends on who can upload. */
function memoryUpload(use: Use, model: Model): Match {
  const audienceOf = audienceFinder(model);
  const hanging = model.usesOn(use.call).map(({ call }) => call.id);
  const made = new Set([use.call.id, ...hanging]);
  const routes = model.routes.filter(({ middleware, handlers }) =>
    [...middleware, ...handlers].some(({ construction }) => construction !== null && made.has(construction.id)),
  );
  const audiences = routes.map(audienceOf);
  const confidence = audiences.includes("anyone") ? "high" : audiences.includes("users") ? "medium" : "low";
  const found = match(
    use,
    confidence,
    "Uploads of any size are held in memory: a few large files at once end the process.",
  );
  return { ...found, routes: routes.map(({ method, path }) => `${method} ${path}`) };
}

function match({ call, api }: Use, confidence: Match["confidence"], message: string): Match {
  return {
    rule: "api-gateway/no-body-limit",
    file: call.file,
    line: call.line,
    confidence,
    message,
    also: [],
    routes: [],
    path: [],
    call: call.id,
    anchor: api,
    fix: api.startsWith("@nestjs/") ? "brief" : "patch",
  };
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
