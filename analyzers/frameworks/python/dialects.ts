/** FastAPI and Flask differ in words: what makes an app or a router, how routes are registered, how routers are mounted. */

export interface Dialect {
  name: string;
  /** Apis of app objects. */
  app: RegExp;
  /** Apis of what is mounted on an app. */
  router: RegExp;
  /** Keyword of a router's own prefix. */
  ownPrefix: string;
  /** Method that mounts a router, and the keyword of the prefix there. */
  mounts: ReadonlyMap<string, string>;
  /** Whether the prefix of a mount stands in the place of the router's own one. */
  replaces: boolean;
  /** Registering method -> its HTTP method; null when `methods=` says it. */
  registers: ReadonlyMap<string, string | null>;
  /** Methods of a registration that names none. */
  usual: readonly string[];
}

const verbs = ["get", "post", "put", "patch", "delete", "options", "head"];
const byVerb = verbs.map((verb) => [verb, verb.toUpperCase()] as const);

const fastapi: Dialect = {
  name: "fastapi",
  app: /^pypi:fastapi:(applications\.)?FastAPI\(\)$/,
  router: /^pypi:fastapi:(routing\.)?APIRouter\(\)$/,
  ownPrefix: "prefix",
  mounts: new Map([
    ["include_router", "prefix"],
    ["mount", "path"],
  ]),
  replaces: false,
  registers: new Map([...byVerb, ["trace", "TRACE"], ["api_route", null], ["add_api_route", null], ["route", null]]),
  usual: ["GET"],
};

const flask: Dialect = {
  name: "flask",
  app: /^pypi:(flask|quart):(app\.)?(Flask|Quart)\(\)$/,
  router:
    /^pypi:((flask|quart):(blueprints\.)?Blueprint\(\)|flask_smorest:Blueprint\(\)|flask_openapi3:APIBlueprint\(\))$/,
  ownPrefix: "url_prefix",
  mounts: new Map([["register_blueprint", "url_prefix"]]),
  replaces: true,
  registers: new Map([...byVerb, ["route", null], ["add_url_rule", null]]),
  usual: ["GET"],
};

/** Flask-RESTful and Flask-RESTX: an api hangs on an app, namespaces on the api, classes on both. */
const restful: Dialect = {
  name: "flask",
  app: /^(?!)/,
  router: /^pypi:flask_(restful|restx|restplus):(Api|Namespace)\(\)$/,
  ownPrefix: "path",
  mounts: new Map([["add_namespace", "path"]]),
  replaces: true,
  registers: new Map([
    ["route", null],
    ["add_resource", null],
  ]),
  usual: ["GET"],
};

/** Django Ninja: its api hangs on a pattern of Django's urls, routers on the api, by prefix first. */
const ninja: Dialect = {
  name: "django-ninja",
  app: /^pypi:ninja(_extra)?:(main\.)?(NinjaAPI|NinjaExtraAPI)\(\)$/,
  router: /^pypi:ninja(_extra)?:(router\.)?Router\(\)$/,
  ownPrefix: "prefix",
  mounts: new Map([["add_router", "prefix"]]),
  replaces: false,
  registers: new Map([...byVerb, ["api_operation", null]]),
  usual: ["GET"],
};

export const dialects: readonly Dialect[] = [fastapi, flask, restful, ninja];
