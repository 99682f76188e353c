/** What a known host of the outside is: a plain value that says whom it plays and how it answers. */
import type { Mail } from "../stack.ts";

/** A request of the app as the stand-in sees it. */
export interface OutsideCall {
  host: string;
  method: string;
  /** Path without the query. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  /** Parsed from JSON or a form; the text otherwise. */
  body: unknown;
  /** Names of things made up for answers: counted up, never the same twice. */
  unique(prefix: string): string;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, instead of `json`. */
  text?: string;
  /** Sent one after the other, as a server-sent event stream. */
  events?: readonly string[];
  /** The mails that were accepted by this call, when it is a mail API. */
  mails?: readonly Omit<Mail, "receivedAt">[];
}

export interface HostStandIn {
  name: string;
  /** Full names, or `*.suffix`. */
  hosts: readonly string[];
  /** A mail API: the mail dial holds for it too. */
  mail?: boolean;
  /** The answer; null where the real host would say 404. */
  answer(call: OutsideCall): Reply | null;
}

/** A field of a JSON-like body by its path; undefined where it is not there. */
export function field(body: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== "object" || value === null) return undefined;
    return Object.entries(value).find(([name]) => name === String(key))?.[1];
  }, body);
}

/** A text, or the fallback for anything else. */
export function textOr(value: unknown, fallback: string): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : fallback;
}

/** One address or many, as text or as `{ email }` / `{ Email }` objects, as plain texts. */
export function addresses(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(addresses);
  if (typeof value === "string") return value.split(",").map((part) => part.trim());
  const email = field(value, "email") ?? field(value, "Email");
  return typeof email === "string" ? [email] : [];
}
