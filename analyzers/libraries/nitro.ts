/** Names that code below Nuxt's and Nitro's `server/` uses without importing them, and the packages that they come from. */

const NAMES: Readonly<Record<string, string>> = {
  h3:
    "defineEventHandler eventHandler defineLazyEventHandler lazyEventHandler defineHandler defineRequestMiddleware defineWebSocketHandler " +
    "fromNodeMiddleware fromWebHandler createEventStream createError isError sendError sendRedirect redirect sendStream sendNoContent " +
    "noContent send sendWebResponse sendProxy proxyRequest proxy fetchWithEvent serveStatic handleCors handleCacheHeaders " +
    "readBody readValidatedBody readRawBody readFormData readMultipartFormData getQuery getValidatedQuery getRouterParam getRouterParams " +
    "getValidatedRouterParams getMethod isMethod assertMethod getHeader getHeaders getRequestHeader getRequestHeaders getRequestURL " +
    "getRequestIP getRequestHost getRequestPath getRequestProtocol getRequestWebStream toWebRequest setHeader setHeaders " +
    "setResponseHeader setResponseHeaders appendHeader appendResponseHeader removeResponseHeader getResponseStatus setResponseStatus " +
    "parseCookies getCookie setCookie deleteCookie useSession getSession updateSession sealSession unsealSession clearSession",
  "nitropack/runtime":
    "defineCachedEventHandler cachedEventHandler defineCachedFunction cachedFunction defineCachedHandler useStorage useDatabase " +
    "useRuntimeConfig useAppConfig useNitroApp useEvent defineNitroPlugin nitroPlugin defineTask runTask defineRenderHandler " +
    "defineNitroErrorHandler defineErrorHandler getRouteRules defineRouteMeta",
  "nuxt-auth-utils":
    "requireUserSession getUserSession setUserSession replaceUserSession clearUserSession hashPassword verifyPassword " +
    "passwordNeedsReHash defineOAuthGitHubEventHandler defineOAuthGoogleEventHandler",
  ofetch: "$fetch",
};

const PACKAGES: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([specifier, names]) => names.split(" ").map((name) => [name, specifier] as const)),
);
/** What modules of Nuxt make and hand out themselves: the database of NuxtHub 0.10 and later, also imported from `hub:db`. */
const MADE: Readonly<Record<string, string>> = { db: "drizzle-orm/libsql:drizzle()" };
/** The modules under which Nitro's own functions can be imported; all of them mean the same. */
const MODULES =
  /^(#imports|#nitro|hub:db|@nuxthub\/db|nitro|nitro\/(h3|runtime|types|cache|storage|task)|nitropack|nitropack\/runtime(\/.*)?|h3)$/;

/** The api of a name that needs no import in server code; null for all others. */
export function nitroName(name: string): string | null {
  const specifier = PACKAGES.get(name);
  if (Object.hasOwn(MADE, name)) return MADE[name] ?? null;
  return specifier === undefined ? null : `${specifier}:${name}`;
}

/** True for a module from which Nitro's names are imported when they are imported. */
export function isNitroModule(specifier: string): boolean {
  return MODULES.test(specifier);
}
