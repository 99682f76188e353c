/** Recognises routes that check credentials or send codes, by their path and by what their handlers do. */
import { isPassport, isPasswordCheck } from "../../analyzers/audience/guards.ts";
import type { Handler, Model, Reach, Route, Use } from "../../analyzers/model.ts";
import { checksShortCode } from "./short-codes.ts";

/** `credentials`: something is compared that could be guessed. `sign-up`: an account is made. `code`: a mail or message goes out. */
export type AuthKind = "credentials" | "sign-up" | "code";

/** A library call that shows what a handler is about. */
export interface Evidence {
  shows: "compares" | "hashes" | "signs";
  use: Use;
  reach: Reach;
}

const evidenceApis: readonly { shows: Evidence["shows"]; apis: readonly string[] }[] = [
  {
    shows: "compares",
    apis: [
      ...["bcrypt", "bcryptjs", "@node-rs/bcrypt"].flatMap((name) => [
        `${name}:compare`,
        `${name}:compareSync`,
        `${name}:verify`,
      ]),
      "argon2:verify",
      "global:Bun.password.verify",
      "passport:authenticate",
      "koa-passport:authenticate",
      "@fastify/passport:**.authenticate",
      "@node-rs/argon2:verify",
      "@supabase/supabase-js:**.auth.signInWithPassword",
      "@supabase/ssr:**.auth.signInWithPassword",
      "firebase/auth:signInWithEmailAndPassword",
      "pypi:bcrypt:checkpw",
      "pypi:passlib:**.CryptContext().verify",
      "pypi:passlib:hash.*.verify",
      "pypi:pwdlib:**.verify",
      "pypi:argon2:PasswordHasher().verify",
      "pypi:flask_bcrypt:Bcrypt().check_password_hash",
      "pypi:flask_bcrypt:check_password_hash",
      "pypi:werkzeug:security.check_password_hash",
      "pypi:django:contrib.auth.authenticate",
      "pypi:django:contrib.auth.hashers.check_password",
      "pypi:django:**.check_password",
    ],
  },
  {
    shows: "hashes",
    apis: [
      ...["bcrypt", "bcryptjs", "@node-rs/bcrypt"].flatMap((name) => [`${name}:hash`, `${name}:hashSync`]),
      "argon2:hash",
      "global:Bun.password.hash",
      "@node-rs/argon2:hash",
      "node:crypto:scrypt",
      "node:crypto:scryptSync",
      "@supabase/supabase-js:**.auth.signUp",
      "@supabase/ssr:**.auth.signUp",
      "pypi:bcrypt:hashpw",
      "pypi:passlib:**.CryptContext().hash",
      "pypi:pwdlib:**.hash",
      "pypi:flask_bcrypt:**.generate_password_hash",
      "pypi:werkzeug:security.generate_password_hash",
      "pypi:django:**.objects.create_user",
      "pypi:django:contrib.auth.hashers.make_password",
    ],
  },
  {
    shows: "signs",
    apis: [
      "jsonwebtoken:sign",
      "jose:SignJWT",
      "@nestjs/jwt:JwtService().sign",
      "@nestjs/jwt:JwtService().signAsync",
      "hono/jwt:sign",
      "fastify:**.jwt.sign",
      "fastify:FastifyReply().jwtSign",
      "pypi:jwt:encode",
      "pypi:jose:jwt.encode",
      "pypi:flask_jwt_extended:create_access_token",
    ],
  },
];

/**
 * Logins of a service that counts attempts itself: what a route of the app adds is one more door to the same lock.
 * Source: Supabase documentation, Auth rate limits (sign-ins per address and hour); Firebase documentation, Authentication limits.
 */
const hosted = /^(@supabase\/[\w-]+:.*\.auth\.|firebase\/auth:)/;

/** Whether all that checks or makes something on the way is such a service. */
export function isCountedElsewhere(evidence: readonly Evidence[]): boolean {
  return evidence.length > 0 && evidence.every(({ use }) => hosted.test(use.api));
}

/** What each route's own handlers (not its middleware) reach, by route id. */
export function authEvidence(model: Model): ReadonlyMap<string, Evidence[]> {
  const byRoute = new Map<string, Evidence[]>();
  for (const { shows, apis } of evidenceApis) {
    const uses = apis.flatMap((api) => model.usesOf(api));
    for (const use of uses.filter(({ api, call }) => !isPassport(api) || isPasswordCheck(call))) {
      for (const reach of model.reach(use.call)) {
        const route = model.routes.find(({ id }) => id === reach.entry.routeId);
        if (route === undefined || !startsInHandler(route, reach)) continue;
        if (shows === "compares" && reach.path.slice(1, -1).some(({ label }) => checksKey.test(label))) continue;
        byRoute.set(route.id, [...(byRoute.get(route.id) ?? []), { shows, use, reach }]);
      }
    }
  }
  return byRoute;
}

/** Functions on the way to a comparison that say what is compared: a key that the caller was given, not a password. */
const checksKey =
  /api_?key|(authenticate|authorize)_?(request|api|headers?)|bearer|verify_?secret|(verify|check|validate)_?(access_?)?token/i;

/** A check that runs before the handler (an API key on every request) does not make the route a login. */
function startsInHandler({ handlers, middleware }: Route, { path, entry }: Reach): boolean {
  const first = path[0]?.fn ?? entry.fn;
  const runs = ({ fn, also = [], construction }: Handler): boolean =>
    fn === first || (also.includes(first) && !isPasswordCheck(construction));
  return handlers.some(({ fn }) => fn === first) || !middleware.some(runs);
}

const who =
  "(user|admin|customer|client|member|vendor|seller|owner|account|local|email|phone|password|do|merchant|driver|student|teacher|doctor|patient|company)?s?";
const login = new RegExp(`^${who}(auth)?(login|signin|authenticate)(auth)?${who}$`);
const signUp = new RegExp(`^${who}(signup|createaccount)${who}$`);
const resets =
  /^passwordreset(confirm)?$|^resetpassword(confirm)?$|^(confirm|set|new|change|update)(password)reset$|^newpassword$/;
const sends =
  /^(forgot|forget|lost|recover|request)(your|my)?password(reset|link|email)?$|^(request)?passwordre(set|covery)(request|link|email)$|^(begin|start|init|initiate)passwordre(set|covery)$|^(request|send)(password)?reset(password|link|email|code)?$|^(send|resend|request|generate)(sms|email|login|verification|auth|phone)?(otp|code|verification|magiclink|confirmation)(email|code|link|sms)?$|^(e?mail|sms)(otp|code)$|^otp(send|resend|request)$|^(send|resend|request)(verify|verification)(email|phone)(otp|code|link)?(by(email|phone))?$|^(send|resend)(or(send|resend))?sms$|^resendverification(email|code|link)?$|^magiclink$|^password(forgot|forget|lost|recover|request|link|email)$/;
const codes =
  /^(verify|validate|check|confirm|login)(email|phone|sms|login|mfa|2fa|auth)?(otp|code|pin|2fa|mfa|totp)$|^(otp|2fa|mfa|totp)(verify|login|validate|check)$|^resetpassword(with|by|via)?(otp|code)$|^twofactor(verify|auth)$|^verify(phone|mobile)(number)?$/;
/** The login's second step where nobody is logged in yet; else where it is set up. */
const secondStep = /^(otp|2fa|mfa|totp|twofactor)$/;
/** Words that mean an account only where nothing but these stands before them: not a course, a device or a game. */
const alone: readonly (readonly [AuthKind, RegExp])[] = [
  ["sign-up", new RegExp(`^${who}(register|registration)${who}$`)],
  ["code", /^(forgot|recover)$/],
  ["credentials", /^reset$/],
];
const neutral =
  /^(api|v\d+|rest|auth|authentication|identity|users?|accounts?|members?|customers?|admins?|public|clients?)$/;

/** Views of packages that take a name and a password. */
const pythonLogin =
  /^pypi:(django:contrib\.auth\.views\.LoginView|rest_framework_simplejwt:views\.TokenObtain\w*View|rest_framework:authtoken\.views\.(ObtainAuthToken|obtain_auth_token))$/;

/** Views of packages that send a mail with a link. */
const pythonReset = /^pypi:(django:contrib\.auth\.views|dj_rest_auth:.*)\.PasswordResetView$/;

/** The kind of route, with how sure the path alone makes us; null when it is neither. */
export function authKindOf(
  route: Route,
  evidence: readonly Evidence[],
  isOpen: boolean,
): { kind: AuthKind; certain: boolean } | null {
  if (!mayCheck(route)) return null;
  const checksPassword = [...route.middleware, ...route.handlers].some(
    ({ api, construction }) => (isPassport(api) && isPasswordCheck(construction)) || pythonLogin.test(api ?? ""),
  );
  const shows = (what: Evidence["shows"]): boolean =>
    evidence.some((each) => each.shows === what) || (what === "compares" && checksPassword);
  if (isOpen && route.handlers.some(({ api }) => pythonReset.test(api ?? ""))) return { kind: "code", certain: false };
  const named = byPath(pathOf(route), isOpen);
  if (named === "credentials" && isVouchedFor(route.path) && !shows("compares")) return null;
  if (named !== null) return { kind: named, certain: shows("compares") || shows("hashes") || shows("signs") };
  const isLogin = route.handlers.some(({ api }) => /^(next-auth|@auth\/)/.test(api ?? ""));
  if (!isOpen || (route.method === "ALL" && !isLogin)) return null;
  const parts = wordsOf(pathOf(route));
  if (shows("compares")) return { kind: "credentials", certain: true };
  // Whoever is invited, or sets the password of an account that is there, makes none.
  const isByInvitation = parts.some((part) => /invit|password/.test(part));
  if (!["POST", "ACTION", "MUTATION"].includes(route.method) || isByInvitation) return null;
  const aboutAccounts = parts.some((part) =>
    /^(auth|session|token|user|account|customer|member|register|verify|login)s?$/.test(part),
  );
  if (aboutAccounts && evidence.some(makesAccount)) return { kind: "sign-up", certain: true };
  return aboutAccounts && shows("signs") && /^(auth|sessions?|tokens?|verify)$/.test(parts.at(-1) ?? "")
    ? { kind: "credentials", certain: true }
    : null;
}

/** A door without a telling name at which a short code can be tried. */
export function isCodeDoor(route: Route, model: Model): boolean {
  return mayCheck(route) && checksShortCode(route, wordsOf(pathOf(route)), model);
}

/** Requests that can bring a password along; a GraphQL query by its name, for some apps log in with one. */
function mayCheck({ method, via, path }: Route): boolean {
  if (via === "graphql") return method === "MUTATION" || (method === "QUERY" && !path.includes("."));
  return ["POST", "PUT", "PATCH", "ALL", "ACTION", "MUTATION"].includes(method);
}

/** Who comes with a token of another service brings nothing that could be guessed. */
function isVouchedFor(path: string): boolean {
  return /google|facebook|apple|github|gitlab|twitter|microsoft|azure|linkedin|discord|slack|oauth|oidc|openid|saml|sso|social|firebase|web3|siwe|wallet/i.test(
    path,
  );
}

/** A password is hashed for a new account, too, unless the way there only changes one that exists. */
function makesAccount({ shows, reach }: Evidence): boolean {
  return shows === "hashes" && !reach.path.some(({ label }) => /update|confirm|change|edit|reset/i.test(label));
}

/** Procedures have their names joined by dots, actions a bare name that may say that it is one. */
function pathOf({ via, path }: Route): string {
  if (via === "rpc") return path.replaceAll(".", "/");
  return via === "action" ? path.replace(/action$/i, "") : path;
}

/** Behind a login only another login or a code can be guessed at: new accounts and passwords are the user's own there. */
function byPath(path: string, isOpen: boolean): AuthKind | null {
  const parts = wordsOf(path);
  const last = parts.at(-1) ?? "";
  const pair = parts.slice(-2).join("");
  for (const word of [pair, last]) {
    const isCode = (codes.test(word) || (isOpen && secondStep.test(word))) && !isFactor(parts);
    if (login.test(word) || isCode) return "credentials";
    if (sends.test(word)) return "code";
    if (isOpen && signUp.test(word)) return "sign-up";
    if (isOpen && resets.test(word)) return "credentials";
  }
  if (!isOpen || hasParameterBeforeEnd(path) || !parts.slice(0, -1).every((part) => neutral.test(part))) return null;
  return alone.find(([, pattern]) => pattern.test(last))?.[0] ?? null;
}

/** `/profile/mfa`, `/account/devices/totp`: a second factor as something that is kept, not a code that is tried. */
function isFactor(parts: readonly string[]): boolean {
  const [last = "", before = "auth"] = parts.toReversed();
  return /^(otp|2fa|mfa|totp)$/.test(last) && !(neutral.test(before) || login.test(before) || /^verify$/.test(before));
}

/** `/courses/:id/register`, but not `/reset/:token`. */
function hasParameterBeforeEnd(path: string): boolean {
  return /\/:[^/]+\/[^:/]/.test(path);
}

/** The path's fixed parts in lower case without dashes (`forgot-password` and `forgotPassword` are one). */
function wordsOf(path: string): string[] {
  const fixed = path.split("/").filter((part) => part !== "" && !/^[:*]/.test(part));
  return fixed.map((part) => part.toLowerCase().replace(/[^a-z0-9]/g, ""));
}
