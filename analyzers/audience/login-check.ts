/** Logins that a handler checks itself: it asks who is there, and goes no further with strangers, before it does its work. */
import { indexIn } from "../ids.ts";
import { callsIn } from "../code/calls-in.ts";
import { denies, endsHere, type Ending, mentionsStaff } from "./refusals.ts";
import type { CallSite, Fn, Handler, Known, Model, SinkKind } from "../model.ts";
import type { Value } from "../summary.ts";

/** What a handler's own check makes of its callers; null when it checks nothing. */
export type OwnCheck = "users" | "staff" | null;

/** Package calls that tell who is logged in. */
const asking = [
  /^next-auth(\/\w+)?:(.*\.)?(getServerSession|unstable_getServerSession|getSession|getToken|auth)$/,
  /^@clerk\/(nextjs|backend|express|fastify)(\/\w+)*:(auth|currentUser|getAuth)(\(\)\.protect|\.protect)?$/,
  /^@supabase\/[\w-]+:.*\.auth\.(getUser|getSession|getClaims)$/,
  /^better-auth(\/[\w-]+)*:.*\.api\.getSession$/,
  /^(lucia|iron-session|@auth0\/nextjs-auth0|@workos-inc\/authkit-nextjs|@kinde-oss\/[\w-]+)(\/\w+)*:.*(validateSession|getIronSession|getSession|withAuth|getUser|isAuthenticated)$/,
  /^(firebase-admin(\/auth)?:.*verify(IdToken|SessionCookie)|jsonwebtoken:verify|jose:jwtVerify)$/,
];

/** The app's own functions that do, by their names; what looks accounts up or makes them is something else. */
const askingName =
  /^(auth|authenticate|authorize|protect|viewer)$|session|(current|server|session|request|logged_?in)_?user|get_?auth|auth_?user|^get_?(the_?)?user(_?id)?$|user(_?id)?_?from|logged_?in|authenticated|verify_?(auth|token|user)|check_?(auth|user|token)|(require|ensure|assert|check|verify)_?(user|auth|login|admin|access|permission)/i;
const otherName =
  /by[A-Z]|create|delete|update|destroy|refresh|sign_?(in|up|out)|checkout|list|count|stripe|billing|upload|clear|exchange|^(set|start|end|add)[A-Z]/i;
const insisting = /^(require|ensure|assert|protect|enforce|must|throwIf)|OrThrow$|OrRedirect$/i;

/** Work that must not have begun before the check. */
const work: ReadonlySet<SinkKind> = new Set(["mail", "push", "model", "payment", "image", "pdf", "database-write"]);
/** How far behind the question its answer is looked at, in characters. */
const SIGHT = 900;
/** Helpers of helpers. */
const MAX_DEPTH = 2;

/** One function as the check looks at it: strangers must be ended in one of these ways, outside these stretches. */
interface Look {
  fn: Fn;
  ending: Ending;
  except: NonNullable<Handler["except"]>;
  depth: number;
}

export function loginCheckFinder(model: Model): (handler: Handler) => OwnCheck {
  const known = new Map<string, OwnCheck>();
  return ({ fn: id, except = [] }) => {
    const fn = id === null ? null : model.fn(id);
    if (fn === null) return null;
    const key = `${fn.id} ${except.map(({ start }) => start).join()}`;
    const check = known.has(key) ? (known.get(key) ?? null) : checkIn(model, { fn, ending: "any", except, depth: 0 });
    known.set(key, check);
    return check;
  };
}

function checkIn(model: Model, look: Look): OwnCheck {
  const { fn, ending } = look;
  const text = model.repo.read(fn.file) ?? "";
  const calls = ownCalls(model, look);
  const first = calls.find(({ site }) => doesWork(model, site));
  const until = first?.site.span.start ?? fn.span.end;
  if (endsHere(text.slice(fn.span.start, until), [], ending, "request")) return "users";
  for (const { site, callee } of calls) {
    const behind = text.slice(site.span.end, Math.min(fn.span.end, site.span.end + SIGHT));
    if (asks(model, site, callee, text) && isEnded(model, site, callee, text, behind, ending)) {
      return mentionsStaff(nameOf(callee)) || denies(behind, mentionsStaff) ? "staff" : "users";
    }
    const inner = innerCheck(model, look, site);
    if (inner !== null) return inner;
    if (doesWork(model, site) || model.targets(site).some(({ id }) => isCostly(model, id))) return null;
  }
  return null;
}

const costly = new WeakMap<Model, ReadonlySet<string>>();

/** Whether the function itself does what a stranger must not set off. */
function isCostly(model: Model, fn: string): boolean {
  const known =
    costly.get(model) ??
    new Set(model.usesOfKind("mail", "push", "model", "payment", "image", "pdf").map(({ call }) => call.fn));
  costly.set(model, known);
  return known.has(fn);
}

function doesWork(model: Model, site: CallSite): boolean {
  return model.usesAt(site).some(({ kind }) => kind !== null && work.has(kind));
}

/** The calls of the function's own body, in the order in which they are made. */
function ownCalls(model: Model, { fn, except }: Look): { site: CallSite; callee: Value }[] {
  const facts = model.summary(fn.file)?.calls ?? [];
  const calls = callsIn(model, fn).flatMap((site) => {
    const callee = facts[indexIn(site.id)]?.callee;
    const isOther = except.some(({ start, end }) => start <= site.span.start && site.span.end <= end);
    return callee === undefined || isOther ? [] : [{ site, callee }];
  });
  return calls.toSorted((a, b) => a.site.span.end - b.site.span.end);
}

function nameOf(callee: Value): string {
  if (callee.kind === "member") return callee.property;
  return callee.kind === "name" || callee.kind === "imported" ? callee.name : "";
}

function asks(model: Model, site: CallSite, callee: Value, text: string): boolean {
  if (model.usesAt(site).some(({ api }) => asking.some((pattern) => pattern.test(api)))) return true;
  const bound = boundNames(text.slice(site.statement.start, site.span.start));
  if (bound.includes("error") && bound.some((each) => /^(auth|session|currentUser|viewer)$/.test(each))) return true;
  const name = nameOf(callee);
  const isNamed = askingName.test(name) || /^can[A-Z]/.test(name);
  return isNamed && !otherName.test(name) && !site.args.some(looksUp);
}

const requestParts = new Set(["req", "res", "request", "headers", "cookies", "ctx", "context", "event"]);

/** `getUser({ email })` looks somebody up; who asks for the caller hands on the request at most. */
function looksUp(arg: Known): boolean {
  if (arg.kind === "template") return true;
  return arg.kind === "object" && Object.keys(arg.entries).some((key) => !requestParts.has(key));
}

function isEnded(model: Model, site: CallSite, callee: Value, text: string, behind: string, ending: Ending): boolean {
  if (model.usesAt(site).some(({ api }) => api.endsWith(".protect"))) return true;
  if (insisting.test(nameOf(callee)) && model.targets(site).length === 0) return true;
  const lead = text.slice(site.statement.start, site.span.start);
  const asked = /\bif\s*\([^;{]*!\s*(\(\s*(?:await\s+)?)?$/.exec(lead);
  if (asked !== null) return endsHere(`if (!${asked[1] === undefined ? "" : "("}it${behind}`, ["it"], ending);
  return endsHere(behind, withParts(boundNames(lead), behind), ending);
}

/** `const user = session?.user` is missing when the session is. */
function withParts(names: readonly string[], behind: string): string[] {
  const all = [...names];
  for (const [, pattern = "", root = ""] of behind.matchAll(
    /\b(?:const|let)\s+(\{[^=]*\}|[\w$]+)\s*=\s*([\w$]+)\b[?.\w]*/g,
  )) {
    if (all.includes(root)) all.push(...(pattern.match(/[A-Za-z_$][\w$]*/g) ?? []));
  }
  return all;
}

/** The names that the statement gives to what the call returns: `const { userId } = await auth()`. */
function boundNames(lead: string): string[] {
  const pattern = /^\s*(?:(?:const|let|var)\s+)?(\{[^=]*\}|\[[^=]*\]|[\w$]+)\s*(?::[^=]*)?=/.exec(lead)?.[1] ?? "";
  return pattern.match(/[A-Za-z_$][\w$]*/g) ?? [];
}

/**
 * A helper that ends the request itself, by throwing or sending away; or a function beside the handler that does its work for
 * one method and is handed the request, which may answer as well.
 */
function innerCheck(model: Model, { depth }: Look, site: CallSite): OwnCheck {
  const [target, another] = model.targets(site);
  if (target === undefined || another !== undefined || depth >= MAX_DEPTH) return null;
  const takesRequest = target.params.length > 0 && /^handle|(handler|route)$/i.test(target.name ?? "");
  // What is returned is the work itself, unless the work is another handler's.
  if (!takesRequest && (!site.awaited || site.use === "returned")) return null;
  return checkIn(model, { fn: target, ending: takesRequest ? "any" : "leaving", except: [], depth: depth + 1 });
}
