/** Looks for apps behind a proxy that take the proxy for their users, or hang up on it. */
import { expressApps } from "../../analyzers/serving/express-apps.ts";
import type { CallSite, Known, Model, Place, Service, Use } from "../../analyzers/model.ts";
import { isBesideTheProduct } from "../../analyzers/serving/product.ts";
import { nodeListenApis } from "../../analyzers/serving/server-calls.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import { standingBefore, type Before } from "../../analyzers/deployment/standing-before.ts";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import { adviceOnCall, placesOf } from "../advice.ts";
import type { Match } from "../finding.ts";

export function proxyTrouble(model: Model): Match[] {
  return model.services.flatMap((service) => {
    if (isServerless(model, service) || isBesideTheProduct(service.root)) return [];
    const before = standingBefore(model, service);
    return before.length === 0 ? [] : [...withoutTrust(model, service, before), ...hangsUp(model, service, before)];
  });
}

/** One per app: what it believes of its users is the proxy's. */
function withoutTrust(model: Model, service: Service, before: readonly Before[]): Match[] {
  const [app] = expressApps(model, service);
  const files = serverFiles(model, service);
  const [front] = before;
  if (
    app === undefined ||
    front === undefined ||
    files.some((file) => /trust[ _-]?proxy/i.test(model.repo.read(file) ?? ""))
  )
    return [];
  const [first, ...others] = beliefsOf(model, files);
  if (first === undefined) return [];
  return [
    adviceOnCall("load-balancer/trust-proxy-missing", app.creation, {
      confidence: front.shows === "prose" ? "medium" : "high",
      message: `The app runs behind ${front.name} (${front.file}:${front.line}) and does not say so: ${first.harm} (${first.file}:${first.line}).`,
      also: placesOf([first, ...others], app.creation),
      anchor: "trust proxy",
      fix: "patch",
    }),
  ];
}

interface Belief extends Place {
  harm: string;
}

/** Where these files take the sender of a request for its user. */
export function beliefsOf(model: Model, files: readonly string[]): Belief[] {
  return [...limits(model, files), ...secureCookies(model, files), ...reads(model, files)];
}

function reads(model: Model, files: readonly string[]): Belief[] {
  return files.flatMap((file) =>
    (model.repo.read(file) ?? "").split("\n").flatMap((text, index): Belief[] => {
      const found = /\breq(?:uest)?\.(ip|ips|protocol|secure)\b(?!\s*=[^=])/.exec(text)?.[1];
      const isAside = /^\s*(\/\/|\*)|console\.|log(ger)?\.|x-forwarded|x-real-ip/i.test(text);
      if (found === undefined || isAside) return [];
      const harm = found.startsWith("ip")
        ? "every user has the proxy's address"
        : "every request looks like plain http";
      return [{ file, line: index + 1, harm }];
    }),
  );
}

function secureCookies(model: Model, files: readonly string[]): Belief[] {
  return usesIn(model, files, ["express-session:", "express-session:session"]).flatMap(({ call }) => {
    const [options] = call.args;
    const secure = entry(entry(options, "cookie") ?? undefined, "secure");
    const isSet = secure?.kind === "literal" && (secure.value === true || secure.value === "auto");
    return isSet && entry(options, "proxy") === null
      ? [{ file: call.file, line: call.line, harm: "the session cookie, which is for https only, is never sent" }]
      : [];
  });
}

/** Limits per address, where the address is the default one. */
function limits(model: Model, files: readonly string[]): Belief[] {
  return usesIn(model, files, [
    "express-rate-limit:",
    "express-rate-limit:rateLimit",
    "express-slow-down:",
    "express-slow-down:slowDown",
  ]).flatMap(({ call }) => {
    const [options] = call.args;
    return entry(options, "keyGenerator") === null
      ? [{ file: call.file, line: call.line, harm: "all users share one limit" }]
      : [];
  });
}

function usesIn(model: Model, files: readonly string[], apis: readonly string[]): Use[] {
  const known = new Set(files);
  return apis
    .flatMap((api) => model.usesOf(api))
    .filter(({ call: { file } }) => known.has(file) && !/(^|\/)(examples?|demos?)\//i.test(file));
}

function entry(options: Known | undefined, key: string): Known | null {
  return options?.kind === "object" ? (options.entries[key] ?? null) : null;
}

/** Node closes an idle connection after 5 s (`server.keepAliveTimeout`, Node documentation); proxies that keep theirs longer send a request into the closing. */
function hangsUp(model: Model, service: Service, before: readonly Before[]): Match[] {
  const keeper = before.find(keepsConnections);
  const files = serverFiles(model, service);
  if (keeper === undefined || files.some((file) => /keepAliveTimeout/.test(model.repo.read(file) ?? ""))) return [];
  const [listen] = usesIn(model, files, nodeListenApis)
    .map(({ call }): CallSite => call)
    // What is asked for numbers is asked by a collector, not through the proxy.
    .filter(({ file }) => !/(^|\/)(metrics?|prometheus)\b[^/]*$/i.test(file))
    .sort((a, b) => rank(a, service) - rank(b, service));
  if (listen === undefined) return [];
  return [
    adviceOnCall("load-balancer/keep-alive-shorter-than-proxy", listen, {
      confidence: keeper.shows === "config" && keeper.kind !== "ingress" ? "high" : "medium",
      message: `The app hangs up on connections that are idle for 5 seconds (Node's default), and ${keeper.name} (${keeper.file}:${keeper.line}) keeps them longer: now and then a request meets a closing door and the user gets a 502.`,
      anchor: "keep-alive",
      fix: "patch",
    }),
  ];
}

function rank({ file }: CallSite, { entry: entries }: Service): number {
  return entries.includes(file) ? 0 : 1;
}

/** nginx speaks HTTP/1.0 to the app unless told to keep connections; load balancers and ingresses keep them for a minute. */
function keepsConnections({ kind, shows, text, name }: Before): boolean {
  if (kind === "load-balancer" || kind === "ingress") return true;
  if (kind !== "nginx") return false;
  return shows === "prose" ? /nginx/i.test(name) : /^[ \t]*keepalive\s+\d+/m.test(text);
}
