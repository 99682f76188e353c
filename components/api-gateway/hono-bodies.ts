/** Hono on Node reads bodies of any size: nothing but its own middleware, or a proxy in front, says how large one may be. */
import { audienceFinder } from "../../analyzers/audience/audience.ts";
import type { Model, Route, Service } from "../../analyzers/model.ts";
import { serverApp } from "../../analyzers/serving/server-apps.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Match } from "../finding.ts";

const readers = ["json", "parseBody", "formData", "text", "arrayBuffer", "blob"].map(
  (name) => `hono:Context().req.${name}`,
);
/** Middleware that reads the body to check it. */
const validator = /^(@hono\/[\w-]+-validator|hono\/validator|hono-openapi):/;

export function unboundedHono(model: Model): Match[] {
  if (isBehindNginx(model)) return [];
  return model.services.flatMap((service) => {
    const files = new Set(serverFiles(model, service));
    const uses = (api: string) => model.usesOf(api).some(({ call }) => files.has(call.file));
    if (!uses("@hono/node-server:serve") || uses("hono/body-limit:bodyLimit")) return [];
    const app = serverApp(model, service);
    const routes = readingRoutes(model, service);
    return app?.framework === "hono" && routes.length > 0 ? [matchFor(app.creation, routes, model)] : [];
  });
}

/** nginx takes 1 MB unless it is told otherwise. */
function isBehindNginx({ repo }: Model): boolean {
  return repo.files.some(
    (file) => /\.conf(\.template|\.tpl)?$/.test(file) && /^[ \t]*proxy_pass\s/m.test(repo.read(file) ?? ""),
  );
}

function readingRoutes(model: Model, service: Service): Route[] {
  const checked = model.usesOf("hono:Context().req.valid").filter(({ call: { args } }) => {
    const [part] = args;
    return part?.kind === "literal" && /^(json|form)$/.test(String(part.value));
  });
  const reading = new Set(
    [...readers.flatMap((api) => model.usesOf(api)), ...checked].flatMap(({ call }) =>
      model.reach(call).map(({ entry }) => entry.routeId),
    ),
  );
  return model.routes.filter(({ id, framework, middleware, handlers, service: owner }) => {
    if (framework !== "hono" || owner !== service.name) return false;
    return reading.has(id) || [...middleware, ...handlers].some(({ api }) => validator.test(api ?? ""));
  });
}

function matchFor(
  { file, line, id }: { file: string; line: number; id: string },
  routes: Route[],
  model: Model,
): Match {
  const audienceOf = audienceFinder(model);
  const isOpen = routes.some((route) => audienceOf(route) === "anyone");
  return {
    rule: "api-gateway/no-body-limit",
    file,
    line,
    confidence: isOpen ? "medium" : "low",
    message:
      "Hono on Node takes bodies of any size and holds them in memory: a few requests with hundreds of megabytes each end the process.",
    also: [],
    routes: routes.map(({ method, path }) => `${method} ${path}`),
    path: [],
    call: id,
    anchor: "hono:Hono",
    fix: "patch",
  };
}
