/** Addresses of outside calls: which of them are the app's own, and what is known of the others. */
import { indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Known, Model } from "../../analyzers/model.ts";
import { reachesItself } from "./http-clients.ts";

/** The app asks itself or this machine, or asks only while it is developed: no other service can be slow or away. */
export function staysAtHome(call: CallSite, model: Model): boolean {
  if (isOwnAddress(call, model) || isOwnUrl(call, model) || isOwnHost(call, model) || isForDevelopment(call, model))
    return true;
  return model.usesAt(call).some(reachesItself) && !isForeignAddress(call);
}

/** A call to this machine or to the app itself has no network to hang in. */
export function isOwnAddress(call: CallSite, model: Model): boolean {
  const isOwn = /^(https?:\/\/(localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)([:/]|$)|\/(?!\/)|data:|blob:)/.test(
    beginningOf(call.args[0]),
  );
  return isOwn && !hasForeignBase(call, model) && !standsInForAnother(call, model);
}

/**
 * `process.env.PYTHON_API_URL || "http://localhost:8000"`: what stands there on a developer's machine only, in production the
 * setting names another service. Not where the name or the port is the app's own.
 */
function standsInForAnother(call: CallSite, model: Model): boolean {
  const [, port = ""] = /^https?:\/\/(?:localhost|127\.0\.0\.1):(\d+)/.exec(beginningOf(call.args[0])) ?? [];
  const service = model.service(call.file);
  const answers = service !== null && model.routes.some((route) => route.service === service.name);
  const own = service?.port.value ?? (answers ? 3000 : null);
  if (port === "" || Number(port) === own) return false;
  const setting = new RegExp(
    String.raw`(?:process\.env\.|\bget(?:OrThrow)?(?:<[^>()]*>)?\(\s*["'])(\w+)(?:["']\s*\))?\s*(?:\|\||\?\?)\s*["'\`]https?:\/\/(?:localhost|127\.0\.0\.1):${port}\b`,
    "g",
  );
  const names = [...(model.repo.read(call.file) ?? "").matchAll(setting)].map(([, name = ""]) => name);
  return names.length > 0 && names.every((name) => !ownSetting.test(name));
}

/** Settings that say where the app itself is. */
const ownSetting = /(^|_)(APP|SITE|SELF|PUBLIC|NEXTAUTH|AUTH|FRONTEND|CLIENT|WEB|HOST|ORIGIN|DOMAIN)(_|$)/;

/** `axios.create({ baseURL: "https://api.example.com" }).get("/orders")`: the path of another service. */
function hasForeignBase(call: CallSite, model: Model): boolean {
  if (!/^\/(?!\/)/.test(beginningOf(call.args[0]))) return false;
  return model
    .usesAt(call)
    .some(
      ({ addresses = [] }) =>
        addresses.length > 0 && addresses.every((each) => /^(https?:\/\/(?!localhost|127\.|0\.0\.0\.0)|\$)/.test(each)),
    );
}

/** Known to be another service's: written out, or what the environment says. */
function isForeignAddress({ args: [target] }: CallSite): boolean {
  return target?.kind === "env" || /^https?:\/\//.test(beginningOf(target));
}

const ownHost = /\$\{(host|origin|url\.host|url\.origin)\}|\b(request|req|event\.request)\.url\b|\bgetRequestURL\(/;

/** An address made of the request's own host: a health check that asks the app itself. */
function isOwnHost({ file, fn, span, args: [target] }: CallSite, model: Model): boolean {
  if (beginningOf(target) !== "") return false;
  const text = model.repo.read(file) ?? "";
  const [address = ""] = text.slice(span.start, span.end).split(",");
  if (ownHost.test(address)) return true;
  const own = model.fn(fn);
  const name = /\(\s*(\w+)/.exec(address)?.[1];
  const made = own === null || name === undefined ? null : new RegExp(`\\b${name}\\s*=\\s*new URL\\(([^;]*)`);
  return made !== null && own !== null && ownHost.test(made.exec(text.slice(own.span.start, own.span.end))?.[1] ?? "");
}

/** `if (dev) { await fetch(...) }` */
function isForDevelopment({ file, fn, span }: CallSite, model: Model): boolean {
  const own = model.fn(fn);
  const before = own === null ? "" : (model.repo.read(file) ?? "").slice(own.span.start, span.start);
  return /\bif\s*\(\s*(dev|import\.meta\.dev|import\.meta\.env\.DEV)\b[^{]*\{[^{}]*$/.test(before);
}

/** `new URL("/api/session", request.url)`: the app asks itself. `new URL("./font.ttf", import.meta.url)`: a file of its own. */
function isOwnUrl({ file, id, args: [target] }: CallSite, model: Model): boolean {
  if (target?.kind !== "external" || target.api !== "global:URL()") return false;
  const summary = model.summary(file);
  const [written] = summary?.calls[indexIn(id)]?.args ?? [];
  const bound = written?.kind === "name" ? summary?.functions[written.fn]?.bindings[written.name]?.[0] : written;
  const made = bound?.kind === "call" ? summary?.calls[bound.call] : undefined;
  const [path, base] = made?.args ?? [];
  const isPath = path?.kind === "literal" && /^\/(?!\/)/.test(String(path.value));
  if (base?.kind === "member" && base.object.kind === "name" && base.object.name === "import.meta") return true;
  return isPath && base?.kind === "member" && /^(url|nextUrl|origin|href)$/.test(base.property);
}

/** What is literally known of the beginning of an address; a setting that is empty until somebody fills it in says nothing. */
export function beginningOf(target: Known | undefined): string {
  if (target?.kind === "literal") return String(target.value);
  if (target?.kind === "template") {
    const unknown = target.parts.findIndex((part, index) => part === null || (index === 0 && part === ""));
    return target.parts.slice(0, unknown < 0 ? target.parts.length : unknown).join("");
  }
  const url = target?.kind === "object" ? target.entries["url"] : undefined;
  return url === undefined ? "" : beginningOf(url);
}
