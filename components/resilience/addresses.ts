/** Addresses of this machine or of a private network that are written into code which runs in production. */
import { posix } from "node:path";
import type { CallSite, Model, Place, Use } from "../../analyzers/model.ts";
import { answeringServices, isBesideTheProduct } from "../../analyzers/serving/product.ts";
import type { Call, Summary, Value } from "../../analyzers/summary.ts";
import type { Match } from "../finding.ts";

export const addressRule = "resilience/hardcoded-service-address";

const host = String.raw`(?:localhost|127\.0\.0\.1|10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3})`;
const address = new RegExp(
  String.raw`(?:https?|wss?|mongodb(?:\+srv)?|postgres(?:ql)?|mysql|rediss?|amqps?):\/\/(?:[^\s"'\`@/]*@)?(${host})(?::(\d+))?(?![\w.-])`,
  "i",
);
const bareHost = new RegExp(`^${host}$`, "i");

/** Files that describe, try or fill the app rather than run it. */
const besides =
  /(^|[._/-])(dev|development|local|tests?|mocks?|seeds?|seeders?|examples?|swagger|openapi|docs?|stories|cors|csp)([._/-]|$)/i;
/** Signs that the code asks where it runs. */
const isAsked =
  /NODE_ENV|\bis_?(dev|prod|production|development|local|test)\b|process\.env|import\.meta\.env|\benv\(|environment/i;

/** Calls that reach for somebody else at the address they are given. */
const reaching: readonly { api: RegExp; what: string }[] = [
  { api: /^mongoose:(.*\.)?(connect|createConnection)$|^mongodb:MongoClient/, what: "MongoDB" },
  { api: /^(ioredis:|redis:createClient$|@redis\/client:createClient$)/, what: "Redis" },
  { api: /^amqplib(\/\S+)?:connect$/, what: "RabbitMQ" },
  { api: /^(pg:(Pool|Client)$|postgres:$|@neondatabase\/)/, what: "Postgres" },
  { api: /^mysql2?(\/promise)?:create(Pool|Connection)$/, what: "MySQL" },
  { api: /^(knex:|sequelize:(Sequelize)?$|typeorm:DataSource$)/, what: "the database" },
  { api: /^axios:create$/, what: "another service" },
];

export function fixedAddresses(model: Model): Match[] {
  const answering = new Set(answeringServices(model));
  return model.repo.files.flatMap((file) => {
    const summary = model.summary(file);
    const service = model.service(file);
    if (
      summary === null ||
      service === null ||
      !answering.has(service) ||
      !["server", "worker"].includes(model.context(file))
    )
      return [];
    const text = model.repo.read(file) ?? "";
    if (!new RegExp(host).test(text) || isBesideTheProduct(posix.dirname(file)) || besides.test(posix.basename(file)))
      return [];
    const own = service.port.value;
    const here = { file, summary, text, model, ownPort: own === null ? null : String(own) };
    return [...inCalls(here), ...inConstants(here)];
  });
}

interface Here {
  file: string;
  summary: Summary;
  text: string;
  model: Model;
  ownPort: string | null;
}

function inCalls(here: Here): Match[] {
  const { file, summary, model, ownPort } = here;
  return summary.calls.flatMap((call, index) => {
    const found = call.args.map((arg) => fixedIn(arg, 0)).find((each) => each !== null) ?? null;
    const site = found === null ? null : model.call(`${file}#${index}`);
    if (found === null || site === null) return [];
    const target =
      model
        .usesAt(site)
        .map((use) => targetOf(use))
        .find((each) => each !== null) ?? (isRedirect(call) ? links : null);
    // The app may well call itself by its own port.
    if (target === null || (target === services && found.port === ownPort) || isConsidered(site, here)) return [];
    const place = { file, line: lineOf(found.text, call.span.start, call.span.end, here) };
    return [matchFor(place, target, runs(site, model) ? "high" : "low", here)];
  });
}

const services = "another service";
const links = "links";

function targetOf({ api, kind }: Use): string | null {
  const known = reaching.find((each) => each.api.test(api));
  if (known !== undefined) return known.what;
  if (kind === "mail") return links;
  return kind === "http" ? services : null;
}

function isRedirect({ callee }: Call): boolean {
  return callee.kind === "member" && callee.property === "redirect";
}

interface Fixed {
  text: string;
  port: string | null;
}

/** An address that stands in the value alone; as one of several it is a default, and somebody has thought of the others. */
function fixedIn(value: Value, depth: number): Fixed | null {
  if (depth > 3) return null;
  if (value.kind === "literal") return addressIn(String(value.value));
  if (value.kind === "template") {
    const part = value.parts.find((each) => typeof each === "string" && address.test(each));
    return typeof part === "string" ? addressIn(part) : null;
  }
  if (value.kind === "array")
    return value.items.map((item) => fixedIn(item, depth + 1)).find((each) => each !== null) ?? null;
  if (value.kind !== "object") return null;
  for (const { key, value: entry } of value.entries) {
    const isHost = /^host(name)?$/i.test(key) && entry.kind === "literal" && bareHost.test(String(entry.value));
    const found = isHost
      ? { text: String(entry.kind === "literal" ? entry.value : ""), port: null }
      : /origin|cors|allow/i.test(key)
        ? null
        : fixedIn(entry, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function addressIn(text: string): Fixed | null {
  const found = address.exec(text);
  return found === null ? null : { text: found[0], port: found[2] ?? null };
}

/** Something leads to the call: the start of the process, or an entry. */
function runs(site: CallSite, model: Model): boolean {
  return model.fn(site.fn)?.isModule === true || model.reach(site).length > 0;
}

/** A name that stands for nothing but such an address, and is used for more than a log line or a list of origins. */
function inConstants(here: Here): Match[] {
  const { summary, file } = here;
  return summary.functions.flatMap(({ bindings }, fn) =>
    Object.entries(bindings).flatMap(([name, values]) => {
      const [only, ...others] = values;
      const found = only === undefined || others.length > 0 || only.kind !== "literal" ? null : fixedIn(only, 0);
      if (found === null || /^module\.exports$/.test(name)) return [];
      const target = usedFor(name, fn, here, found.port);
      const place = { file, line: lineOf(found.text, 0, here.text.length, here) };
      return target === null || isConsideredAt(place.line, here)
        ? []
        : [matchFor(place, target, target === links ? "medium" : "high", here)];
    }),
  );
}

/** What the name goes into, where it is handed to a call; null where that is harmless or not seen. */
function usedFor(
  name: string,
  fn: number,
  { summary, model, file, ownPort }: Here,
  port: string | null,
): string | null {
  for (const [index, call] of summary.calls.entries()) {
    if (!call.args.some((arg) => mentions(arg, name, fn, 0))) continue;
    const site = model.call(`${file}#${index}`);
    if (site !== null && !runs(site, model)) continue;
    const uses = site === null ? [] : model.usesAt(site);
    const target = uses.map((use) => targetOf(use)).find((each) => each !== null);
    if (target !== undefined && !(target === services && port === ownPort)) return target;
    const isText = call.args.some(
      (arg) =>
        arg.kind === "template" &&
        mentions(arg, name, fn, 0) &&
        /<a\s|href=/i.test(arg.parts.filter((part) => typeof part === "string").join("")),
    );
    if (isText || isRedirect(call)) return links;
  }
  return null;
}

function mentions(value: Value, name: string, fn: number, depth: number): boolean {
  if (depth > 4) return false;
  switch (value.kind) {
    case "name":
      return value.name === name && value.fn === fn;
    case "template":
      return value.parts.some((part) => typeof part !== "string" && mentions(part, name, fn, depth + 1));
    case "object":
      return value.entries.some((entry) => mentions(entry.value, name, fn, depth + 1));
    case "array":
      return value.items.some((item) => mentions(item, name, fn, depth + 1));
    default:
      return false;
  }
}

function isConsidered({ fn, line }: { fn: string; line: number }, here: Here): boolean {
  const own = here.model.fn(fn);
  const text = own === null || own.isModule ? "" : here.text.slice(own.span.start, own.span.end);
  return /NODE_ENV|\bis_?(dev|prod|production|development|local|test)\b/i.test(text) || isConsideredAt(line, here);
}

/** The lines around it ask where the code runs, or are a comment. */
function isConsideredAt(line: number, { text }: Here): boolean {
  const lines = text.split("\n");
  return (
    isAsked.test(lines.slice(Math.max(0, line - 3), line + 1).join("\n")) || /^\s*(\/\/|\*)/.test(lines[line - 1] ?? "")
  );
}

function lineOf(needle: string, start: number, end: number, { text }: Here): number {
  const at = text.indexOf(needle, start);
  return text.slice(0, at < 0 || at > end ? start : at).split("\n").length;
}

function matchFor(place: Place, target: string, confidence: Match["confidence"], { model }: Here): Match {
  return {
    rule: addressRule,
    ...place,
    ...(target === links ? { title: "Links lead to the reader's own machine" } : {}),
    confidence,
    message:
      target === links
        ? "The address that users are sent to is that of a developer's machine: in production every such link leads nowhere."
        : `The address of ${target} is written into the code and means this very machine or a private network: on any other host, in a container and beside a second copy of the app it leads nowhere.`,
    also: [],
    routes: [],
    path: [],
    call: null,
    anchor: `fixed address of ${target} in ${posix.basename(place.file)} ${model.service(place.file)?.name ?? ""}`,
    fix: "brief",
  };
}
