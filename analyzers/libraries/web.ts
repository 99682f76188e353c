/** Web frameworks as the linker meets them: which objects give back themselves, which keep functions, what they hand to these. */

/** One sort of object that a framework makes, by the apis it goes by. */
interface WebObject {
  api: RegExp;
  /** Methods whose result is the object itself. */
  fluent: ReadonlySet<string>;
  /** Methods that keep the functions they are given and run them later, for a request; empty text: the object itself is called. */
  keeping: ReadonlySet<string>;
  /** Apis of what these functions are given, by position. */
  hands: readonly string[];
  /** The same for methods that hand something else. */
  handsBy?: Readonly<Record<string, readonly (string | null)[]>>;
}

const none: ReadonlySet<string> = new Set();
const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const VERBS = "get post put patch delete head options all";
const FASTIFY = /^fastify:((fastify|default)?\(\)(\.register\(\))*|Fastify(Request|Reply)\(\)\.server)$/;
const FASTIFY_HANDLER = ["fastify:FastifyRequest()", "fastify:FastifyReply()"];
const KOA = /^koa:(default)?\(\)$/;
const KOA_ROUTER = /^(@koa\/router|koa-router):(Router|default)?\(\)$/;
const HONO =
  /^(hono(\/tiny|\/quick)?:Hono\(\)|@hono\/zod-openapi:OpenAPIHono\(\)|hono\/factory:(createFactory|Factory)\(\)\.createApp\(\))(\.basePath\(\))*$/;

/** An instance, and the one that groups, guards and function plugins are handed. */
const ELYSIA = /^elysia:(Elysia|default)\(\)$/;
const ELYSIA_GROUP = "elysia:Group()";
const ELYSIA_HOOKS =
  "derive resolve mapDerive mapResolve onRequest onParse onTransform onBeforeHandle onAfterHandle onAfterResponse onError mapResponse";

const objects: readonly WebObject[] = [
  {
    api: FASTIFY,
    fluent: words(
      `${VERBS} trace route register addHook decorate decorateRequest decorateReply withTypeProvider setErrorHandler ` +
        "setNotFoundHandler setValidatorCompiler setSerializerCompiler setReplySerializer addSchema " +
        "addContentTypeParser removeAllContentTypeParsers addHttpMethod use after",
    ),
    keeping: words(`${VERBS} trace route addHook setErrorHandler setNotFoundHandler use`),
    hands: FASTIFY_HANDLER,
    handsBy: { setErrorHandler: [null, ...FASTIFY_HANDLER], use: [] },
  },
  { api: KOA, fluent: words("use"), keeping: words("use"), hands: ["koa:Context()"] },
  {
    api: KOA_ROUTER,
    // What `routes()` makes of a router stands for the router.
    fluent: words(`${VERBS} del use register prefix param routes middleware`),
    keeping: words(`${VERBS} del use register`),
    hands: ["koa:Context()"],
  },
  { api: /^koa-(mount|compose):$/, fluent: none, keeping: words(""), hands: ["koa:Context()"] },
  {
    api: HONO,
    fluent: words(`${VERBS} on use route openapi doc doc31 notFound onError mount`),
    keeping: words(`${VERBS} on use openapi notFound onError`),
    hands: ["hono:Context()"],
    handsBy: { onError: [null, "hono:Context()"], mount: [] },
  },
  {
    api: /^elysia:(Elysia|default|Group)\(\)$/,
    fluent: words(
      `${VERBS} ${ELYSIA_HOOKS} route ws use group guard state decorate model macro error headers mount as trace onStart onStop listen`,
    ),
    keeping: words(`${VERBS} ${ELYSIA_HOOKS} route ws use group guard`),
    hands: ["elysia:Context()"],
    handsBy: { use: [ELYSIA_GROUP], group: [ELYSIA_GROUP], guard: [ELYSIA_GROUP] },
  },
  {
    api: /^hono\/factory:((createFactory|Factory)\(\))?$/,
    fluent: none,
    keeping: words("createMiddleware createHandlers"),
    hands: ["hono:Context()"],
  },
];

/** What a call of an api does, as far as it is one of a web framework's. */
interface WebCall {
  givesItself: boolean;
  /** True when the result is a list of what the call is given. */
  givesArguments: boolean;
  keepsFunctions: boolean;
  hands: readonly (string | null)[];
}

const PLAIN: WebCall = { givesItself: false, givesArguments: false, keepsFunctions: false, hands: [] };
const PACKAGES = /^(fastify|koa|@koa|hono|@hono|elysia)\b/;
const known = new Map<string, WebCall>();

/** `fastify:().get` is the method `get` of `fastify:()`; `koa-mount:` is called itself. */
export function webCallOf(api: string): WebCall {
  if (!PACKAGES.test(api)) return PLAIN;
  const found = known.get(api) ?? lookUp(api);
  known.set(api, found);
  return found;
}

function lookUp(api: string): WebCall {
  const { object, method } = parted(api);
  const row = objects.find((each) => each.api.test(object));
  if (row === undefined) return PLAIN;
  const keepsFunctions = row.keeping.has(method);
  const handed = Object.hasOwn(row.handsBy ?? {}, method) ? row.handsBy?.[method] : row.hands;
  const givesArguments = method === "createHandlers";
  return {
    givesItself: row.fluent.has(method),
    givesArguments,
    keepsFunctions,
    hands: keepsFunctions ? (handed ?? []) : [],
  };
}

function parted(api: string): { object: string; method: string } {
  const dot = api.lastIndexOf(".");
  const at = dot > api.lastIndexOf(")") ? dot : api.endsWith(":") ? api.length : -1;
  if (at >= 0) return { object: api.slice(0, at), method: api.slice(at + 1) };
  const colon = api.indexOf(":");
  return { object: api.slice(0, colon + 1), method: api.slice(colon + 1) };
}

/** True for what plugins are registered on: a Fastify instance, the root or one of a plugin. */
export function isFastifyInstance(api: string): boolean {
  return FASTIFY.test(api);
}

/** True when calling this api runs the functions it is given at once, with an instance of their own. */
export function runsPlugins(api: string): boolean {
  return api.endsWith(".register") && isFastifyInstance(api.slice(0, -".register".length));
}

export function isKoaApp(api: string): boolean {
  return KOA.test(api);
}

export function isKoaRouter(api: string): boolean {
  return KOA_ROUTER.test(api);
}

export function isHonoApp(api: string): boolean {
  return HONO.test(api);
}

export function isElysiaInstance(api: string): boolean {
  return ELYSIA.test(api);
}

/** What a callback of Elysia's is handed in place of the instance that calls it. */
export function isElysiaGroup(api: string): boolean {
  return api === ELYSIA_GROUP;
}

/** Wrappers of a Fastify plugin that make it share the instance it is registered on. */
export function isSharingWrapper(api: string): boolean {
  return /^fastify-plugin:(fastifyPlugin|default|fp)?\(\)$/.test(api);
}

export function isAutoload(api: string): boolean {
  return /^(@fastify\/autoload|fastify-autoload):(fastifyAutoload|default)?$/.test(api);
}

/** Packages whose exports make apps and routers: each call of a function around them makes another one. */
export const routerPackages: ReadonlySet<string> = new Set([
  "express",
  "fastify",
  "koa",
  "@koa/router",
  "koa-router",
  "hono",
  "hono/tiny",
  "hono/quick",
  "hono/factory",
  "@hono/zod-openapi",
  "elysia",
]);

/** What well-known plugins put on the Fastify instance. */
const PROVIDED: Readonly<Record<string, string>> = {
  pg: "pg:Pool()",
  mysql: "mysql2/promise:createPool()",
  redis: "ioredis:()",
  mailer: "nodemailer:createTransport()",
  "mongo.db": "mongodb:MongoClient().db()",
  "mongo.client": "mongodb:MongoClient()",
};

/** The api of what a plugin's property of a Fastify instance holds; null when the name says nothing. */
export function providedBy(api: string, property: string): string | null {
  const key = api.endsWith(".mongo") ? `mongo.${property}` : property;
  const isOn = isFastifyInstance(api.replace(/\.mongo$/, ""));
  return isOn && Object.hasOwn(PROVIDED, key) ? (PROVIDED[key] ?? null) : null;
}
