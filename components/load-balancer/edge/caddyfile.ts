/** What the proxy has to know of the app: how much it takes, how long it keeps connections, whether clients must come back. */
import type { Model } from "../../../analyzers/model.ts";
import { serverFiles } from "../../../analyzers/serving/server-files.ts";
import { fill } from "../../../patches/fill.ts";
import type { Templates } from "../../component.ts";
import type { Entry } from "./entry.ts";

export interface Caddyfile {
  text: string;
  /** "10MiB": the largest body that it lets through. */
  largestBody: string;
}

/** `port`: a number, or a variable of the proxy's environment. */
export function caddyfileFor(
  { service, composed }: Entry,
  port: string,
  model: Model,
  templates: Templates,
): Caddyfile {
  const texts = serverFiles(model, service).map((file) => model.repo.read(file) ?? "");
  const largestBody = `${largestMegabytes(texts, service.dependencies)}MiB`;
  const values = {
    NAME: composed.name,
    PORT: port,
    BODY: largestBody,
    KEEP_ALIVE: keepsConnections(texts, service.dependencies) ? "60s" : "4s",
    sticky: "socket.io" in service.dependencies || "@nestjs/platform-socket.io" in service.dependencies,
  };
  return { text: fill(templates("Caddyfile"), values), largestBody };
}

type Packages = Readonly<Record<string, string>>;

const takesFiles =
  /^(multer|busboy|formidable|multiparty|express-fileupload|@fastify\/(multipart|busboy)|@koa\/multer|koa-body|koa-multer|@nestjs\/platform-express|skipper|tus-node-server|@tus\/server|graphql-upload)$/;
/** Words of web standards by which files arrive without a package. */
const takesForms = /\.formData\(\)|FileInterceptor|multipart\/form-data|application\/octet-stream/;

/**
 * A cap against floods, not the app's own limit: ten times the largest one in the code where forms may hold several files,
 * 100 MB where files come in and nothing says how large, else what no JSON should exceed.
 */
function largestMegabytes(texts: readonly string[], packages: Packages): number {
  const megabytes = texts.flatMap(limitsIn).map((bytes) => Math.ceil(bytes / 1024 ** 2));
  const hasUploads =
    texts.some((text) => takesForms.test(text)) ||
    Object.keys(packages).some((name) => takesFiles.test(name) && name !== "@nestjs/platform-express");
  return Math.max(hasUploads ? 100 : 10, ...megabytes.map((each) => each * (hasUploads ? 10 : 1)));
}

const named =
  /\b(?:fileSize|maxFileSize|fileSizeLimit|fieldSize|bodyLimit|bodySizeLimit|maxSize|\w*[lL]imit|MAX_\w*SIZE\w*)["']?\s*[:=]\s*["']?([\d_.\s*]+)\s*([kmg]i?b)?/gi;
const units: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** In bytes: `fileSize: 5 * 1024 * 1024`, `limit: "50mb"`. */
function limitsIn(text: string): number[] {
  return [...text.matchAll(named)].flatMap(([, product = "", unit = ""]) => {
    const bytes = productOf(product) * (units[unit.charAt(0).toLowerCase()] ?? 1);
    return bytes < 1e11 ? [bytes] : [];
  });
}

const idleTime = /(?:\bkeepAliveTimeout["']?\s*[:=]|\bKEEP_ALIVE_TIMEOUT_MS\b\W+)\s*(\d[\d_\s*]*)/g;

/** Fastify keeps idle connections for 72 seconds (its documentation, `keepAliveTimeout`), Node's own servers for 5. */
function keepsConnections(texts: readonly string[], packages: Packages): boolean {
  const times = texts.flatMap((text) => [...text.matchAll(idleTime)].map(([, product = ""]) => productOf(product)));
  if (times.length > 0) return Math.min(...times) > 60_000;
  const isSetElsewhere = texts.some((text) => text.includes("keepAliveTimeout"));
  return !isSetElsewhere && ("fastify" in packages || "@nestjs/platform-fastify" in packages);
}

/** `5 * 1024 * 1024`, `76_000`. */
function productOf(text: string): number {
  const factors = text.replaceAll("_", "").split("*");
  return factors.reduce((product, each) => product * Number(each.trim() || 1), 1);
}
