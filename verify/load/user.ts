/** A virtual user: unique values, a cookie jar, what it captured, an address of its own. */
import type { Agent, IncomingMessage } from "node:http";
import type { Scenario, Step } from "../experiment.ts";
import { send, type Answer } from "./client.ts";
import { fillStep } from "./template.ts";

export interface User {
  /** Stands for `{{unique}}`; appears nowhere else, so that a mail to this user can be told from others. */
  unique: string;
  address: string | null;
  cookies: Map<string, string>;
  captured: Record<string, unknown>;
  /** Bodies of the answers that other steps are compared with, by step. */
  bodies: Map<string, string>;
  /** Passes begun so far; `{{n}}` is 0 in the preparing steps and then counts from 1. */
  passes: number;
}

/** How a user reaches the stack. */
export interface Line {
  url: string;
  agent: Agent;
  patienceMilliseconds: number;
  onSent?(): void;
}

export type StepEnd =
  | { kind: "ok"; answer: Extract<Answer, { kind: "answered" }> }
  | { kind: "failed"; status: number; reason: string; milliseconds: number; body: string }
  | {
      kind: "lost";
      why: "timeout" | "reset" | "refused" | "unavailable";
      reason: string;
      milliseconds: number;
      status: number;
    };

export function newUser({ unique, address }: Pick<User, "unique" | "address">): User {
  return { unique, address, cookies: new Map(), captured: {}, bodies: new Map(), passes: 0 };
}

/** Sends one step as this user, keeps its cookies and captures, and judges the answer. */
export async function takeStep(user: User, step: Step, line: Line): Promise<StepEnd> {
  const filled = fillStep(step, { ...user.captured, unique: user.unique, n: user.passes });
  if ("missing" in filled) {
    const reason = `${step.name}: no value for ${filled.missing.join(", ")}`;
    return { kind: "failed", status: 0, reason, milliseconds: 0, body: "" };
  }
  const answer = await send(filled, { ...line, address: user.address, cookies: user.cookies });
  const { milliseconds } = answer;
  if (answer.kind === "lost") {
    return { kind: "lost", why: answer.why, reason: `${step.name}: ${lossWords[answer.why]}`, milliseconds, status: 0 };
  }
  keepCookies(user.cookies, answer.headers["set-cookie"] ?? []);
  const { status, body } = answer;
  if (!isExpected(step, status)) {
    const reason = `${step.name}: answered ${status}`;
    if (isFromBalancer(answer)) return { kind: "lost", why: "unavailable", reason, milliseconds, status };
    return { kind: "failed", status, reason, milliseconds, body };
  }
  const uncaught = capture(user, step, answer);
  if (uncaught) {
    return { kind: "failed", status, reason: `${step.name}: nothing to capture at ${uncaught}`, milliseconds, body };
  }
  if (step.differsFrom !== undefined && user.bodies.get(step.differsFrom) === body) {
    return {
      kind: "failed",
      status,
      reason: `${step.name}: answered as before ${step.differsFrom}`,
      milliseconds,
      body,
    };
  }
  user.bodies.set(step.name, body);
  return { kind: "ok", answer };
}

/** Runs the steps that make the user ready; the first one that does not work ends it, with its reason. */
export async function prepare(user: User, scenario: Scenario, line: Line): Promise<StepEnd | null> {
  for (const step of scenario.before) {
    const end = await takeStep(user, step, line);
    if (end.kind !== "ok") return end;
  }
  return null;
}

const lossWords = { timeout: "no answer in time", reset: "connection cut", refused: "connection refused" };

function isExpected(step: Step, status: number): boolean {
  return step.expect ? step.expect.includes(status) : status >= 200 && status < 400;
}

/** A 502, 503 or 504 with the app's own JSON is an answer of the app; anything else of that kind is the balancer speaking for a dead one. */
function isFromBalancer({ status, headers }: Extract<Answer, { kind: "answered" }>): boolean {
  if (status !== 502 && status !== 503 && status !== 504) return false;
  return !(headers["content-type"] ?? "").includes("json");
}

function keepCookies(jar: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = "", ...attributes] = line.split(";");
    const equals = pair.indexOf("=");
    if (equals < 1) continue;
    const name = pair.slice(0, equals).trim();
    if (attributes.some(isExpired)) jar.delete(name);
    else jar.set(name, pair.slice(equals + 1).trim());
  }
}

function isExpired(attribute: string): boolean {
  const [name = "", value = ""] = attribute.split(/=(.*)/s).map((part) => part.trim());
  if (name.toLowerCase() === "max-age") return Number(value) <= 0;
  return name.toLowerCase() === "expires" && Date.parse(value) < Date.now();
}

/** Keeps what the step asks for; answers the first place where there was nothing, null when all is kept. */
function capture(user: User, step: Step, answer: { headers: IncomingMessage["headers"]; body: string }): string | null {
  const wanted = Object.entries(step.capture ?? {});
  if (wanted.length === 0) return null;
  const body = parsed(answer.body);
  const captured = (from: string): unknown => {
    if (from.startsWith("cookie:")) return user.cookies.get(from.slice("cookie:".length));
    if (from.startsWith("text:")) return answer.body.match(new RegExp(from.slice("text:".length), "g"))?.at(-1);
    return at(body, from);
  };
  for (const [name, from] of wanted) {
    const value = captured(from);
    if (value === undefined || value === null) return from;
    user.captured[name] = value;
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON pointer (RFC 6901). */
function at(value: unknown, pointer: string): unknown {
  const keys = pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return keys.reduce<unknown>((inner, key) => {
    if (typeof inner !== "object" || inner === null) return undefined;
    return Object.hasOwn(inner, key) ? Reflect.get(inner, key) : undefined;
  }, value);
}
