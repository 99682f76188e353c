/** Checks of a login that a handler makes itself, as its first words: how loaders, actions and endpoints of files are guarded. */
import { indexIn } from "../ids.ts";
import { textOf } from "../code/text.ts";
import { callsIn } from "../code/calls-in.ts";
import type { Value } from "../summary.ts";
import type { CallSite, Fn, Handler, Model } from "../model.ts";

/** `request`: only who the request belongs to is asked. */
export type OwnCheck = "users" | "staff";

/** `requireUserId(request)`, `ensureAdmin(event)`: what comes back only for somebody who is logged in. */
const demands =
  /^(require|ensure|assert|enforce|protect|guard)_?\w*(user|session|auth|log(ged)?_?in|account|admin|staff|role|permission|member|owner|team|org|workspace|acl|access|token|api_?key)/i;
/** `ensureSuperAdmin(prisma)`: given nothing but the database it makes sure that there is one, and cannot know who asks. */
const onlyData = /\(\s*(this\.)?(prisma|db|database|tx|pool|knex|sequelize|orm|em|dataSource)\s*\)$/i;
const demandsNobody = /anon|guest|logged_?out|no_?user|not_?logged/i;
const packages = /^(nuxt-auth-utils:requireUserSession|@clerk\/[\w-]+:.*requireAuth|@auth0\/.*requireAuth)/;
/** Words for those who run the app. */
export const forStaff = /admin|staff|moderator|super_?user/i;

/** What a function does to somebody it does not know. */
export const refuses =
  /\bstatus:\s*30[237]\s*,\s*headers:[^}]{0,40}\blocation\b|(?<![\w.])40[13](?![\w.])|\bunauthori[sz]ed\b|\bforbidden\b|\bredirect(To\w*)?\(\s*(\d+\s*,\s*)?[^)]{0,60}(log-?in|sign-?in|\/auth\b)/i;
/** A function about these is the login itself. */
const isLogin = /password|passcode|bcrypt|argon|\botp\b|signIn|verifyLogin/i;

/** Who gets past the check, as far as one is found in the handler or in what is wrapped around it; null without one. */
export function ownCheckFinder(model: Model): (handler: Handler) => OwnCheck | null {
  const known = new Map<string, OwnCheck | null>();
  const checkOf = (id: string): OwnCheck | null => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const fn = model.fn(id);
    const check = fn === null ? null : checkIn(fn, model);
    known.set(id, check);
    return check;
  };
  return ({ fn, also = [] }) => {
    const found = [fn, ...also].flatMap((id) => (id === null ? [] : (checkOf(id) ?? [])));
    return found.includes("staff") ? "staff" : (found[0] ?? null);
  };
}

function checkIn(fn: Fn, model: Model): OwnCheck | null {
  const text = codeOf(fn, model);
  const demanding = callsIn(model, fn).find((site) => isDemand(site, model));
  if (demanding !== undefined) {
    const { start, end } = demanding.span;
    const written = (model.repo.read(fn.file) ?? "").slice(start, Math.min(end, start + 200));
    return forStaff.test(written) ? "staff" : "users";
  }
  const condition = refusedCondition(text);
  if (condition === null) return null;
  return forStaff.test(condition) ? "staff" : "users";
}

function isDemand(site: CallSite, model: Model): boolean {
  const call = model.summary(site.file)?.calls[indexIn(site.id)];
  if (call === undefined) return false;
  const name = nameOf(call.callee);
  const { start, end } = site.span;
  if (demandsNobody.test(name) || onlyData.test((model.repo.read(site.file) ?? "").slice(start, end))) return false;
  if (demands.test(name) || asksContext(call.callee) || model.usesAt(site).some(({ api }) => packages.test(api)))
    return true;
  if (!call.args.some(isRequest)) return false;
  const targets = model.targets(site);
  return targets.length > 0 && targets.every((target) => turnsAway(codeOf(target, model)));
}

/** `context.getSession()`: what a server of the app's own puts there for those who are logged in. */
function asksContext(callee: Value): boolean {
  if (callee.kind !== "member" || !/^(get|require)(Session|User|Auth)/.test(callee.property)) return false;
  const { object } = callee;
  return (
    (object.kind === "member" && object.property === "context") || (object.kind === "name" && object.name === "context")
  );
}

/** A function that is handed the request and sends strangers away; one about passwords is the way in. */
function turnsAway(text: string): boolean {
  return refuses.test(text) && !isLogin.test(text) && !/\borigin\b/i.test(text);
}

/** The request, the event, or what a handler takes out of them. */
function isRequest(value: Value): boolean {
  if (value.kind === "param") return true;
  if (value.kind === "member") return /^(request|event|locals|cookies|headers|context)$/.test(value.property);
  if (value.kind === "object") return value.entries.some((entry) => isRequest(entry.value));
  return value.kind === "name" && /^(request|event|locals|cookies|headers|h3|req|ctx|context)$/.test(value.name);
}

function nameOf(callee: Value): string {
  if (callee.kind === "member") return callee.property;
  if (callee.kind === "imported" || callee.kind === "name") return callee.name;
  return "";
}

const visitor = [
  String.raw`\blocals\??\.\w*(user|session|auth|account|member)`,
  String.raw`\bcontext\??\.(user|auth|session)`,
  String.raw`\b(get|read|fetch|validate|load|resolve)_?(current|active|server|auth\w*|logged\w*|optional|verified|db)?_?(user|session|auth|account|identity)_?(id|user|info|data|profile|from\w+|or\w+)?\(`,
  String.raw`\b(auth|safeGetSession)\(`,
  String.raw`\bcookies\??\.get\(`,
  String.raw`={2,3}\s*["'](login|forbidden|unauthori[sz]ed|unauthenticated)["']`,
  String.raw`\b\w*(acl|has_?access|is_?allowed|is_?authori[sz]ed|is_?authenticated)\w*\(\s*\w*(event|h3|req|request|locals|ctx)`,
];
/** What the framework or the session knows of the visitor. */
export const identity = new RegExp(visitor.join("|"), "i");
const assigned = /\b(?:const|let)\s+(?:(\w+)|\{([^}=]*)\})\s*(?::[^=]+)?=\s*(?:await\s+)?(?=([^;]{0,200}))/g;
const key = /authorization|\bapi_?-?key|secret|\btoken\b/i;
const statement = /\bif\s*\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)\s*(?=([^]{0,400}))/g;
/** Words for the log may stand first; objects among what is answered are part of it. */
const turning =
  /^\{?\s*(?:(?:const\b|console\.|log(?:ger)?\b)[^;\n]*;?\s*)*(return|throw|error|redirect|fail|await sendRedirect)\b(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*/;

/** The condition of the first `if` that turns away whoever is not known; null when there is none. */
function refusedCondition(text: string): string | null {
  const names = namesOfIdentity(text);
  const isAsked = (part: string) => identity.test(part) || names.some((name) => new RegExp(`\\b${name}\\b`).test(part));
  const isKey = (part: string) => key.test(part) && /!|===?/.test(part);
  for (const [, condition = "", body = ""] of text.matchAll(statement)) {
    const turned = turning.exec(body)?.[0];
    const parts = condition.split("&&");
    // A flag of the configuration may stand beside; any other condition makes it a question of what is asked for.
    const isAboutVisitor = parts.every((part) => isAsked(part) || isKey(part) || /^\s*!?[\w.]+\s*$/.test(part));
    if (turned === undefined || !isAboutVisitor || !(isAsked(condition) || (isKey(condition) && !isLogin.test(text))))
      continue;
    const isSentAway = /^\{?\s*(return|throw)?\s*\w*\.?redirect\(/.test(turned) && condition.includes("!");
    if (refuses.test(turned) || (isAsked(condition) && isSentAway)) return condition;
  }
  return null;
}

/** The names that a text gives to what it knows of the visitor. */
export function namesOfIdentity(text: string): string[] {
  return [...text.matchAll(assigned)].flatMap(([, name, parts, value = ""]) => {
    const [line = ""] = value.split("\n");
    if (!identity.test(line) && !/\blocals\s*$/.test(line)) return [];
    if (name !== undefined) return [name];
    return (parts ?? "")
      .split(",")
      .flatMap(
        (part) => /^\s*(?:\w+\s*:\s*)?(\w*(?:user|session|auth|account|member|admin)\w*)/i.exec(part)?.[1] ?? [],
      );
  });
}

/** The function's text without its comments. */
export function codeOf(fn: Pick<Fn, "file" | "span">, model: Model): string {
  return textOf(model, fn).replace(/\/\*[^]*?\*\/|(?<![:"'`])\/\/[^\n]*/g, "");
}
