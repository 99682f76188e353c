/** What users may do, guessed from the routes alone: every guess has to prove itself on the booted original. */
import type { Model, Route } from "../../analyzers/model.ts";
import type { Scenario, Step } from "../experiment.ts";
import { bodyFields, plausibleBody } from "./body.ts";
import type { Field } from "./schema.ts";
import { reachesSink } from "./select.ts";
import { tokenPointer } from "./token.ts";

export interface Derived {
  /** Candidates; one that does not work on the original is dropped with its reason. */
  scenarios: Scenario[];
  /** Routes for which no request could be thought of. */
  notDriven: { what: string; why: string }[];
}

const loginPath = /\/(log-?in|sign-?in|sessions?|authenticate|(auth|oauth)\/token)$/i;
const signUpPath = /\/(sign-?up|register|registration|users|accounts)$/i;
const buyPath = /check-?out|orders?\b|purchase|\bpay(ments?)?\b|book(ings?)?\b|reserv/i;
const upkeepPath = /\/(health|ready|live|metrics|status|ping|version)\w*$|log-?out|sign-?out|callback|webhook/i;

/** Wrong credentials are the expected answer of a login that is tried over and over; 429 never is. */
const wrongCredentials = [200, 201, 400, 401, 403, 404, 422];
const mostReads = 6;
/** What is answered to whoever is logged in, about himself. */
const ownPath = /\/(me|profile|account|current-?user|who-?am-?i|dashboard)$/i;

export function deriveScenarios(model: Model): Derived {
  const routes = model.routes.filter(({ path }) => !upkeepPath.test(path));
  const plain = routes.filter(isPlainRequest);
  const whole = plain.filter(({ path }) => !/[:*(]/.test(path));
  const posts = whole.filter(({ method }) => method === "POST");
  const login = posts.find(({ path }) => loginPath.test(path)) ?? null;
  const signUp = posts.find(({ path }) => signUpPath.test(path)) ?? null;
  const account = signUp ? accountSteps(model, signUp, login) : [];
  const scenarios = [
    ...reads(model, whole),
    ...signedIn(whole, account),
    ...(login ? [attempt(model, login)] : []),
    ...(signUp ? [signingUp(model, signUp)] : []),
    ...posts.filter((route) => route !== login && route !== signUp).flatMap((route) => writes(model, route, account)),
  ];
  const notDriven = routes
    .filter((route) => !whole.includes(route))
    .map((route) => ({
      what: label(route),
      why: isPlainRequest(route)
        ? "Its path holds a value that cannot be guessed; a scenario in shoreup.config.json can name one."
        : "It is called through its framework, not by a plain request; a scenario in shoreup.config.json can describe one.",
    }));
  return { scenarios, notDriven };
}

function isPlainRequest({ via }: Route): boolean {
  return via === "http" || via === "page";
}

/** GET routes, those that read the database first. */
function reads(model: Model, routes: readonly Route[]): Scenario[] {
  const scenarios = routes
    .filter(({ method }) => method === "GET")
    .map((route): Scenario => ({ name: label(route), role: "read", before: [], measured: [step(route)] }));
  const heavy = scenarios.filter((scenario) => reachesSink(model, scenario, ["database-read"]));
  return [...heavy, ...scenarios.filter((scenario) => !heavy.includes(scenario))].slice(0, mostReads);
}

/** The first page about oneself, asked for with what the login gave: a cookie, or a token. */
function signedIn(routes: readonly Route[], account: readonly Step[]): Scenario[] {
  const own = routes.find(({ method, path }) => method === "GET" && ownPath.test(path));
  if (own === undefined || account.length === 0) return [];
  const measured = [{ ...step(own), ...tokenHeader(account) }];
  return [{ name: `${label(own)}, logged in`, role: "account", before: [...account], measured }];
}

function tokenHeader(account: readonly Step[]): Pick<Step, "headers"> {
  const hasToken = account.some(({ capture }) => capture?.["token"] !== undefined);
  return hasToken ? { headers: { authorization: "Bearer {{token}}" } } : {};
}

function attempt(model: Model, route: Route): Scenario {
  const body = plausibleBody(fieldsOr(model, route, ["email", "password"]));
  return {
    name: label(route),
    role: "login",
    before: [],
    measured: [{ ...step(route), body, expect: wrongCredentials }],
  };
}

function signingUp(model: Model, route: Route): Scenario {
  const body = plausibleBody(fieldsOr(model, route, ["name", "email", "password"]), "-{{n}}");
  return { name: label(route), role: "sign-up", before: [], measured: [{ ...step(route), body }] };
}

/** Routes that leave the process are what faults are tried on; signed in where the app has accounts. */
function writes(model: Model, route: Route, account: readonly Step[]): Scenario[] {
  const body = plausibleBody(bodyFields(model, route));
  const scenario: Scenario = {
    name: label(route),
    role: buyPath.test(route.path) ? "checkout" : "write",
    before: [...account],
    measured: [{ ...step(route), ...tokenHeader(account), body }],
  };
  return reachesSink(model, scenario, ["mail", "payment", "model", "http", "database-write"]) ? [scenario] : [];
}

/** Sign up, then log in; the token is captured wherever one of the handlers answers it. */
function accountSteps(model: Model, signUp: Route, login: Route | null): Step[] {
  return [signUp, ...(login ? [login] : [])].map((route) => {
    const fallback = route === signUp ? ["name", "email", "password"] : ["email", "password"];
    const pointer = tokenPointer(model, route);
    return {
      ...step(route),
      body: plausibleBody(fieldsOr(model, route, fallback)),
      ...(pointer === null ? {} : { capture: { token: pointer } }),
    };
  });
}

function fieldsOr(model: Model, route: Route, fallback: readonly string[]): readonly Field[] {
  const fields = bodyFields(model, route);
  return fields.length > 0 ? fields : fallback.map((name) => ({ name, type: "unknown" }));
}

function step({ method, path }: Route): Step {
  return { name: `${method} ${path}`, method, path };
}

function label({ method, path }: Route): string {
  return `${method} ${path}`;
}
