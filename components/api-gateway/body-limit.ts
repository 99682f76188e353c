/** Looks for parsers that take bodies of any size. */
import { audienceFinder } from "../../analyzers/audience/audience.ts";
import type { Model, Use } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { unboundedHono } from "./hono-bodies.ts";
import { keepsInMemory, option } from "./memory-upload.ts";

const mebibyte = 1024 * 1024;
/** JSON is parsed on the main thread: at about 100 MB per second, 10 MB stop every other request for a tenth of a second. */
const mostSensible = 10 * mebibyte;

interface Parser {
  api: string;
  /** Options that hold a limit, and where among the arguments they stand. */
  options: readonly string[];
  at?: number;
}

const ofKoa = ["jsonLimit", "formLimit", "textLimit"];

const parsers: readonly Parser[] = [
  ...["express", "body-parser"].flatMap((name) =>
    ["json", "urlencoded", "text", "raw"].map((kind): Parser => ({ api: `${name}:${kind}`, options: ["limit"] })),
  ),
  ...["koa-body:", "koa-body:koaBody", "koa-bodyparser:", "@koa/bodyparser:bodyParser"].map((api): Parser => ({
    api,
    options: ofKoa,
  })),
  ...["fastify:", "fastify:fastify"].map((api): Parser => ({ api, options: ["bodyLimit"] })),
  { api: "hono/body-limit:bodyLimit", options: ["maxSize"] },
  // What a Nest app raises: its adapters take 100 kB on Express, 1 MB on Fastify.
  { api: "@nestjs/core:NestFactory.create().useBodyParser", options: ["limit"], at: 1 },
  { api: "@nestjs/platform-fastify:FastifyAdapter", options: ["bodyLimit"] },
];

const uploads = [
  "multer:",
  "@koa/multer:",
  "koa-multer:",
  "express-fileupload:",
  ...["File", "Files", "AnyFiles", "FileFields"].map((kind) => `@nestjs/platform-express:${kind}Interceptor`),
];

/** Parsers that stand behind no check, but for single routes. */
const first = /^(express|body-parser|@nestjs\/(core|platform-fastify)):/;

function raisedLimits(model: Model): Match[] {
  return parsers.flatMap((parser) =>
    model
      .usesOf(parser.api)
      .filter(({ call }) => model.context(call.file) === "server")
      .flatMap((use) => raisedLimit(use, parser, model)),
  );
}

export function unlimitedBodies(model: Model): Match[] {
  return [...oncePerRoute(raisedLimits(model)), ...unboundedHono(model), ...oneForAll(memoryUploads(model), model)];
}

function memoryUploads(model: Model): Match[] {
  return uploads
    .flatMap((api) => model.usesOf(api))
    .filter((use) => model.context(use.call.file) === "server" && keepsInMemory(use, model))
    .map((use) => memoryUpload(use, model));
}

/** The uploads of one finding: those at the places that it names. */
function uploadsSaidWith(call: string, model: Model): Match[] {
  const all = memoryUploads(model);
  const said = oneForAll(all, model).find((each) => each.call === call);
  const places = new Set(said === undefined ? [] : [said, ...said.also].map(({ file, line }) => `${file}:${line}`));
  return all.filter(({ file, line }) => places.has(`${file}:${line}`));
}

function raisedLimit(use: Use, { options, at = 0 }: Parser, model: Model): Match[] {
  const limits = options.map((name) => option(use.call.args[at], name));
  const sizes = limits.map((limit) => (limit?.kind === "literal" ? bytesOf(limit.value) : null));
  const bytes = Math.max(...sizes.map((size) => size ?? 0));
  if (bytes <= mostSensible) return [];
  const size = bytes === Infinity ? "any size" : `up to ${Math.round(bytes / mebibyte)} MB`;
  const when = first.test(use.api) ? "before any check" : "as a whole";
  const routes = routesOfItsOwn(use, model);
  const [only] = routes;
  const who = only === undefined ? "Every request" : `A request to ${only}`;
  const message = `${who} may bring a body of ${size}, which is read into memory and parsed ${only === undefined ? when : "as a whole"}: a few at once stop the app.`;
  return [{ ...match(use, "high", message), routes, ...(only === undefined ? {} : { fix: "brief" }) }];
}

/** The routes in whose own registration the parser stands; none where it is for all that come after it. */
function routesOfItsOwn({ call }: Use, model: Model): string[] {
  return model.routes.flatMap(({ registration: at, method, path }) => {
    const isThere = at?.file === call.file && at.span.start <= call.span.start && call.span.end <= at.span.end;
    return isThere ? [`${method} ${path}`] : [];
  });
}

/** The parsers of one route, or of all routes in one file, that take the same are one finding: JSON and forms, mostly. */
function oncePerRoute(matches: readonly Match[]): Match[] {
  const byRoute = new Map<string, Match>();
  for (const each of matches.toSorted((a, b) => a.line - b.line)) {
    const key = groupOf(each);
    const known = byRoute.get(key);
    if (known === undefined) byRoute.set(key, each);
    else known.also.push({ file: each.file, line: each.line });
  }
  return [...byRoute.values()];
}

function groupOf({ file, routes, message }: Match): string {
  return `${file} ${routes.join()} ${routes.length === 0 ? message : ""}`;
}

/** All calls that one finding of a parser is about, by its first. */
export function parsersSaidWith(call: string, model: Model): { call: string; api: string }[] {
  const raised = raisedLimits(model);
  const own = raised.find((each) => each.call === call);
  const group =
    own === undefined ? uploadsSaidWith(call, model) : raised.filter((each) => groupOf(each) === groupOf(own));
  return group.flatMap((each) => (each.call === null ? [] : [{ call: each.call, api: each.anchor }]));
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

/** Interceptors take their options from one module: one setting mends all of a service, so they are one finding. */
function oneForAll(matches: readonly Match[], model: Model): Match[] {
  const surest = (["high", "medium", "low"] as const).flatMap((level) =>
    matches.filter(({ confidence }) => confidence === level),
  );
  const groups = new Map<string, Match>();
  for (const each of surest) {
    const isShared = each.confidence !== "low" && each.anchor.endsWith("Interceptor");
    const key = isShared ? (model.service(each.file)?.name ?? "") : (each.call ?? "");
    const first = groups.get(key);
    const { file, line, routes } = each;
    groups.set(
      key,
      first === undefined
        ? each
        : { ...first, also: [...first.also, { file, line }], routes: [...new Set([...first.routes, ...routes])] },
    );
  }
  return [...groups.values()];
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
    fix: "patch",
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
