/** Looks for apps that let every website speak in the name of their logged-in users. */
import { callsIn } from "../../analyzers/code/calls-in.ts";
import { escaped, textOf } from "../../analyzers/code/text.ts";
import { isDevOnly } from "../../analyzers/code/dev-only.ts";
import type { CallSite, Known, Model } from "../../analyzers/model.ts";
import { originsOfArgument } from "../../analyzers/flow/origins.ts";
import { adviceOnCall } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { option } from "./memory-upload.ts";

const rule = "api-gateway/cors-any-origin-with-credentials";

/** Calls that are given CORS options, by the place of the options and the name under which they stand there. */
const doors: readonly { api: string; options: number; under?: string; plugin?: RegExp }[] = [
  { api: "cors:", options: 0 },
  { api: "cors:default", options: 0 },
  { api: "hono/cors:cors", options: 0 },
  { api: "@koa/cors:", options: 0 },
  { api: "fastify:**.register", options: 1, plugin: /^(@fastify\/cors|fastify-cors):/ },
  { api: "@nestjs/core:NestFactory.create().enableCors", options: 0 },
  { api: "@nestjs/core:NestFactory.create", options: 1, under: "cors" },
  { api: "socket.io:Server", options: 1, under: "cors" },
];

export function openCors(model: Model): Match[] {
  return [...byOptions(model), ...byHeaders(model)];
}

function byOptions(model: Model): Match[] {
  return doors.flatMap(({ api, options, under, plugin }) =>
    model.usesOf(api).flatMap(({ call }) => {
      const [first] = call.args;
      if (plugin !== undefined && !(first?.kind === "external" && plugin.test(first.api))) return [];
      const given = under === undefined ? call.args[options] : (option(call.args[options], under) ?? undefined);
      const confidence = isRun(model, call) ? confidenceOf(model, given) : null;
      if (confidence === null) return [];
      const match = matchOf(call, isWritten(model, call) ? confidence : "low");
      return [{ ...match, fix: "patch" as const }];
    }),
  );
}

/** Written out, not the default of a setting that the deployment may give. */
function isWritten(model: Model, { file }: CallSite): boolean {
  const text = model.repo.read(file) ?? "";
  return /\borigin\b/.test(text)
    ? /\borigin\s*(:\s*(true\b|["'`]\*["'`]|\[|\w+\s*[,}\n]|(async\s*)?(function|\())|\()/.test(text)
    : true;
}

/** The options of the call that opens the door, and where they stand; null for a door that headers open. */
export function corsOptions(model: Model, call: CallSite): { at: number; under: string | null; options: Known } | null {
  const apis = new Set(model.usesAt(call).map(({ api }) => api));
  for (const { api, options: at, under = null, plugin } of doors) {
    const isIt = plugin === undefined ? apis.has(api) : [...apis].some((each) => /^fastify:.*\.register$/.test(each));
    const given = under === null ? call.args[at] : (option(call.args[at], under) ?? undefined);
    if (isIt && given !== undefined) return { at, under, options: given };
  }
  return null;
}

function isRun(model: Model, call: CallSite): boolean {
  return model.context(call.file) === "server" && !isDevOnly(model, call);
}

/** Null where only some websites are let in, or it cannot be read. */
function confidenceOf(model: Model, options: Known | undefined): Confidence | null {
  const credentials = option(options, "credentials");
  if (options?.kind !== "object" || credentials?.kind !== "literal" || credentials.value !== true) return null;
  const origin = option(options, "origin");
  if (origin === null) return options.open ? null : "medium";
  if (origin.kind === "literal") return origin.value === true ? "high" : origin.value === "*" ? "medium" : null;
  if (origin.kind === "env") return origin.default === "*" ? "low" : null;
  if (origin.kind === "array")
    return origin.items.some((item) => item.kind === "literal" && item.value === "*") ? "medium" : null;
  return origin.kind === "fn" && letsAllIn(model, origin.fn) ? "high" : null;
}

/** A function that never says no: `(origin, callback) => callback(null, true)`, `(origin) => origin`. */
function letsAllIn(model: Model, id: string): boolean {
  const fn = model.fn(id);
  const asked = fn?.params[0]?.name ?? null;
  if (fn === null || asked === null) return false;
  const text = textOf(model, fn);
  const refuses =
    /new Error|\bfalse\b|\bnull\s*\)|includes\(|indexOf\(|\.test\(|\.has\(|\.some\(|startsWith|endsWith|===|\?|\bif\b/;
  const allows = new RegExp(`,\\s*(true|${escaped(asked)})\\s*\\)|=>\\s*${escaped(asked)}\\s*$`);
  return !refuses.test(text) && allows.test(text);
}

/** `res.setHeader("Access-Control-Allow-Origin", req.headers.origin)` where nothing asks who that is. */
function byHeaders(model: Model): Match[] {
  return model.repo.files.flatMap((file) => {
    if (model.context(file) !== "server" || !/access-control-allow-credentials/i.test(model.repo.read(file) ?? ""))
      return [];
    return model.functions(file).flatMap((fn) => {
      const text = textOf(model, fn);
      if (fn.isModule || !/access-control-allow-credentials["'`]\s*[,:]\s*["'`]?true/i.test(text)) return [];
      if (
        /includes\(|indexOf\(|\.test\(|\.has\(|\.some\(|\.find\(|allow(ed)?_?origins?\b|white_?list|origin\s*===|===\s*origin/i.test(
          text,
        )
      )
        return [];
      const call = callsIn(model, fn).find((each) => namesOrigin(each) && opensDoor(model, each));
      return call === undefined || !isRun(model, call) ? [] : [matchOf(call, confidenceOfHeader(call))];
    });
  });
}

function namesOrigin({ args: [name] }: CallSite): boolean {
  return name?.kind === "literal" && /^access-control-allow-origin$/i.test(String(name.value));
}

function opensDoor(model: Model, call: CallSite): boolean {
  const [, value] = call.args;
  if (value?.kind === "literal") return value.value === "*";
  return originsOfArgument(model, call, 1).has("headers");
}

function confidenceOfHeader({ args: [, value] }: CallSite): Confidence {
  return value?.kind === "literal" ? "medium" : "high";
}

function matchOf(call: CallSite, confidence: Confidence): Match {
  if (confidence === "high") {
    const message = "Every website may call this app with the cookies of whoever is visiting it, and read the answers.";
    return adviceOnCall(rule, call, { confidence, message, anchor: "cors" });
  }
  return adviceOnCall(rule, call, {
    confidence,
    severity: "warning",
    title: "Browsers refuse any origin together with cookies",
    message:
      "Every website is let in together with cookies: browsers refuse this pair, so the front end fails, and the usual repair is to echo the caller's origin, which opens every account to every website.",
    anchor: "cors",
  });
}
