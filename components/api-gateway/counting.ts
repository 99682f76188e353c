/** Looks for rate limits that do not count right: each process for itself, or under an address of the caller's choice. */
import { callsIn } from "../../analyzers/code/calls-in.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { CallSite, Fn, Known, Model, Service, Use } from "../../analyzers/model.ts";
import { severalOf } from "../../analyzers/deployment/replicas.ts";
import { adviceOnCall, advice, placesOf } from "../advice.ts";
import type { Match } from "../finding.ts";
import { limitingFunctions } from "./limited.ts";
import { option } from "./memory-upload.ts";
import { believers } from "../trust-proxy.ts";

/** Limiters that count in memory unless they are given a store, by the place of their options. */
const limiters: readonly { api: string; options: number; store: readonly string[] }[] = [
  ...[
    "express-rate-limit:",
    "express-rate-limit:rateLimit",
    "express-rate-limit:default",
    "express-slow-down:",
    "express-slow-down:slowDown",
  ].map((api) => ({
    api,
    options: 0,
    store: ["store"],
  })),
  { api: "rate-limiter-flexible:RateLimiterMemory", options: 0, store: [] },
  { api: "fastify:**.register", options: 1, store: ["redis", "store"] },
];

export function wrongCounts(model: Model): Match[] {
  return [...separately(model), ...underHeaders(model), ...underAnyAddress(model)];
}

interface Limiter {
  use: Use;
  service: Service;
  options: Known | undefined;
  inMemory: boolean;
}

function limitersOf(model: Model): Limiter[] {
  return limiters.flatMap(({ api, options: index, store }) =>
    model.usesOf(api).flatMap((use): Limiter[] => {
      const { call } = use;
      const [plugin] = call.args;
      const isOther =
        api.startsWith("fastify:") &&
        !(plugin?.kind === "external" && /^(@fastify|fastify)[/-]rate-limit:/.test(plugin.api));
      const service = model.service(call.file);
      if (isOther || service === null || model.context(call.file) !== "server") return [];
      const options = call.args[index];
      const isRead = options === undefined || (options.kind === "object" && !options.open);
      return [{ use, service, options, inMemory: isRead && store.every((key) => option(options, key) === null) }];
    }),
  );
}

/** Without a sign of a second process one count is all there is: plausible, no more. */
function separately(model: Model): Match[] {
  return limitersOf(model).flatMap(({ use: { api, call }, service, inMemory }) => {
    if (!inMemory || isInsurance(model, call)) return [];
    const several = severalOf(model, service);
    const message =
      several === null
        ? "The limit is counted in the memory of one process: with a second one everybody may try twice as often, and each deploy starts the count anew."
        : `Each process counts for itself (${several.note}): everybody may try as many times more often as there are processes.`;
    return [
      adviceOnCall("api-gateway/rate-limit-in-memory-store", call, {
        confidence: several === null ? "low" : "high",
        message,
        anchor: api,
      }),
    ];
  });
}

/** A limiter that steps in while the shared store is away. */
function isInsurance(model: Model, call: CallSite): boolean {
  return (
    /insurance|fallback/i.test(textOf(model, { file: call.file, span: call.statement })) ||
    /insuranceLimiter/.test(model.repo.read(call.file) ?? "")
  );
}

/** Headers that a caller can send as he likes; a proxy in front adds to them and takes nothing away. */
const chosenByCaller = /x-forwarded-for|x-real-ip|x-client-ip|x-forwarded\b|true-client-ip|remote-addr/i;

/** The last address in the list is the proxy's word, the first is the caller's. */
function choosesAddress(text: string): boolean {
  return chosenByCaller.test(text) && !/\.pop\(\)|\.at\(\s*-\d/.test(text);
}

function underHeaders(model: Model): Match[] {
  const limits = limitingFunctions(model);
  const made = new Map<string, Match>();
  for (const { use, options, service } of limitersOf(model)) {
    const key = option(options, "keyGenerator");
    const fn = key?.kind === "fn" ? model.fn(key.fn) : null;
    const reader = fn === null || isServerless(model, service) ? null : readerOfHeader(model, fn);
    if (reader === null) continue;
    const known = made.get(reader.id);
    if (known === undefined) made.set(reader.id, spoofable(use.call, use.api));
    else known.also.push({ file: use.call.file, line: use.call.line });
  }
  const middleware = new Set(model.routes.flatMap((route) => route.middleware.flatMap(({ fn }) => fn ?? [])));
  const own = [...middleware].flatMap((id) => {
    const fn = model.fn(id);
    const service = fn === null ? null : model.service(fn.file);
    if (fn === null || service === null || isServerless(model, service) || !limits(fn)) return [];
    if (!choosesAddress(textOf(model, fn))) return [];
    const place = { file: fn.file, line: lineOf(model, fn) };
    return [advice(rule, place, { confidence: "medium", message: said, anchor: fn.name ?? "limit" })];
  });
  return [...made.values(), ...own];
}

/** The key's function, or one that it calls: limiters that share it share the fault. */
function readerOfHeader(model: Model, fn: Fn): Fn | null {
  const called = callsIn(model, fn).flatMap((call) => model.targets(call));
  return [fn, ...called].find((each) => choosesAddress(textOf(model, each))) ?? null;
}

function lineOf(model: Model, fn: Fn): number {
  const before = textOf(model, fn)
    .split("\n")
    .findIndex((line) => chosenByCaller.test(line));
  return fn.line + Math.max(0, before);
}

const rule = "api-gateway/rate-limit-spoofable";
const said =
  "The limit counts under an address that the caller writes into a header: a new one with each request, and nothing is ever counted twice.";

function spoofable(call: CallSite, api: string): Match {
  return adviceOnCall(rule, call, { confidence: "high", message: said, anchor: api });
}

/** Limits by `req.ip`, and every proxy believed about it. */
function underAnyAddress(model: Model): Match[] {
  return model.services.flatMap((service) => {
    if (isServerless(model, service)) return [];
    const counted = limitersOf(model).filter(
      (each) => each.service.root === service.root && option(each.options, "keyGenerator") === null,
    );
    const [believer] = believers(model, service);
    const [first] = counted;
    if (believer === undefined || first === undefined) return [];
    return [
      advice(rule, believer, {
        confidence: "high",
        message: `Every proxy is believed about the caller's address, so every caller is: whoever sends a new X-Forwarded-For with each request passes the limit at ${first.use.call.file}:${first.use.call.line}.`,
        also: placesOf(
          counted.map(({ use }) => use.call),
          believer,
        ),
        anchor: "trust proxy",
        fix: "patch",
      }),
    ];
  });
}
