/** Upload parsers: what each was told about where files go and how large they may be, and who may send them. */
import { type Audience, audienceFinder } from "../../analyzers/audience/audience.ts";
import { callsIn, withInner } from "../../analyzers/code/calls-in.ts";
import { isDevOnly } from "../../analyzers/code/dev-only.ts";
import type { CallSite, Fn, Known, Model, Route, Use } from "../../analyzers/model.ts";

export interface Receiver {
  use: Use;
  call: CallSite;
  /** Where the bytes go. `elsewhere`: to a storage service. `unknown`: it is not written here. */
  to: "disk" | "memory" | "elsewhere" | "unknown";
  /** Whether one file may have any size; null where it cannot be read. */
  isLimited: boolean | null;
  routes: Route[];
  /** Who can send files; null when no route with it is known. */
  audience: Audience | null;
}

interface Parser {
  api: string;
  options: number;
  /** The option that limits the size of one file, dotted when nested. */
  limit: string;
  goesTo: (options: Known | undefined) => Receiver["to"];
}

const parsers: readonly Parser[] = [
  { api: "multer:", options: 0, limit: "limits.fileSize", goesTo: multerStorage },
  { api: "multer:default", options: 0, limit: "limits.fileSize", goesTo: multerStorage },
  { api: "@koa/multer:", options: 0, limit: "limits.fileSize", goesTo: multerStorage },
  ...["FileInterceptor", "FilesInterceptor", "FileFieldsInterceptor"].map((name): Parser => ({
    api: `@nestjs/platform-express:${name}`,
    options: 1,
    limit: "limits.fileSize",
    goesTo: (options) => (options === undefined ? "unknown" : multerStorage(options)),
  })),
  {
    api: "@nestjs/platform-express:AnyFilesInterceptor",
    options: 0,
    limit: "limits.fileSize",
    goesTo: (options) => (options === undefined ? "unknown" : multerStorage(options)),
  },
  {
    api: "express-fileupload:",
    options: 0,
    limit: "limits.fileSize",
    goesTo: (options) => (isTrue(at(options, "useTempFiles")) ? "disk" : "memory"),
  },
  ...["formidable:", "formidable:formidable", "formidable:IncomingForm", "formidable:default"].map((api): Parser => ({
    api,
    options: 0,
    limit: "maxFileSize",
    goesTo: () => "disk",
  })),
  ...["busboy:", "busboy:default", "@fastify/busboy:", "@fastify/busboy:default"].map((api): Parser => ({
    api,
    options: 0,
    limit: "limits.fileSize",
    goesTo: () => "unknown",
  })),
  ...["multiparty:Form"].map((api): Parser => ({ api, options: 0, limit: "maxFilesSize", goesTo: () => "disk" })),
];

function multerStorage(options: Known | undefined): Receiver["to"] {
  if (options === undefined) return "memory";
  if (options.kind !== "object") return "unknown";
  const storage = options.entries["storage"];
  if (storage === undefined) return at(options, "dest") !== null ? "disk" : options.open ? "unknown" : "memory";
  if (storage.kind !== "external") return storage.kind === "class" ? "elsewhere" : "unknown";
  if (/^(@koa\/)?multer:/.test(storage.api)) return storage.api.includes("diskStorage") ? "disk" : "memory";
  return "elsewhere";
}

export function receiversOf(model: Model): Receiver[] {
  const audienceOf = audienceFinder(model);
  const seen = new Set<string>();
  return parsers.flatMap(({ api, options, limit, goesTo }) =>
    model.usesOf(api).flatMap((use): Receiver[] => {
      const { call } = use;
      if (
        model.context(call.file) !== "server" ||
        isDevOnly(model, call) ||
        seen.has(call.id) ||
        refusesFiles(model, use)
      )
        return [];
      seen.add(call.id);
      const given = call.args[options];
      const routes = routesWith(model, call);
      const audience = widest(routes.map(audienceOf));
      return [{ use, call, to: goesTo(given), isLimited: limited(given, limit), routes, audience }];
    }),
  );
}

/** `multer().none()` refuses files. */
function refusesFiles(model: Model, { call, api }: Use): boolean {
  const hanging = model.usesOn(call).filter(({ api: on }) => on.startsWith(`${api}()`));
  return hanging.length > 0 && hanging.every(({ api: on }) => on.endsWith(".none"));
}

function limited(options: Known | undefined, limit: string): boolean | null {
  if (options === undefined) return false;
  if (options.kind !== "object") return null;
  const [first = "", second] = limit.split(".");
  const outer = options.entries[first];
  if (outer === undefined) return options.open ? null : false;
  if (second === undefined) return true;
  if (outer.kind !== "object") return null;
  return outer.entries[second] !== undefined ? true : outer.open ? null : false;
}

/** Routes whose chain holds it, and routes whose handler makes or calls it. */
function routesWith(model: Model, call: CallSite): Route[] {
  const made = new Set([call.id, ...model.usesOn(call).map(({ call: on }) => on.id)]);
  const reached = new Set(
    [...made]
      .flatMap((id) => model.call(id) ?? [])
      .flatMap((each) => model.reach(each).flatMap(({ entry }) => entry.routeId ?? [])),
  );
  return model.routes.filter(
    ({ id, middleware, handlers }) =>
      reached.has(id) ||
      [...middleware, ...handlers].some(({ construction }) => construction !== null && made.has(construction.id)),
  );
}

function widest(audiences: readonly Audience[]): Audience | null {
  return (["anyone", "users", "staff"] as const).find((each) => audiences.includes(each)) ?? null;
}

/** The functions that run for a route once the files are there: its handlers and what they call, two steps deep. */
export function handlingOf(model: Model, { handlers, middleware }: Route): Fn[] {
  const own = [...middleware.slice(-2), ...handlers].flatMap(({ fn, also = [] }) =>
    [fn, ...also].flatMap((id) => (id === null ? [] : (model.fn(id) ?? []))),
  );
  const found = new Map(own.map((fn) => [fn.id, fn]));
  let edge = own;
  for (let depth = 0; depth < 3; depth++) {
    edge = edge
      .flatMap((fn) => withInner(model, fn))
      .flatMap((fn) => callsIn(model, fn))
      .flatMap((call) => model.targets(call))
      .filter((fn) => !found.has(fn.id));
    for (const fn of edge) found.set(fn.id, fn);
  }
  return [...found.values()];
}

function at(options: Known | undefined, key: string): Known | null {
  return options?.kind === "object" ? (options.entries[key] ?? null) : null;
}

function isTrue(value: Known | null): boolean {
  return value?.kind === "literal" && value.value === true;
}
