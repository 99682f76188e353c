/** The form in which library knowledge is written down: rows of data, no code. */
import type { SinkKind } from "../model.ts";

/** What calls of one api, or of several that do the same, do to the world. */
export interface LibraryFact {
  /** Pattern over api paths, see `link/pattern.ts`. */
  api: string;
  kind: SinkKind;
  /** Position of the argument that holds SQL text: it decides between `database-read` and `database-write`. */
  sql?: number;
}

/** How long calls of a client may take, and where that is set. */
export interface ClientFact {
  /** Api of the made client, `openai:()`; every api below it is this client's. An api without `()` is a plain function. */
  construct: string;
  /** Option that limits a call, dotted when nested; null when the client has none. */
  timeoutOption: string | null;
  /** Where the option stands: among the construction's options, or those of each call. */
  timeoutOn: "construction" | "call" | "either";
  /** Unit of the option. */
  timeoutUnit: "ms" | "s" | "signal";
  /** What holds when nothing is set; null when a call may wait forever. */
  defaultTimeoutMs: number | null;
  /** Position of the options object among the arguments of the construction. */
  optionsAt: number;
  /** Option for the number of retries and what holds without it; null when the client never retries. */
  retries: { option: string; default: number } | null;
  /** Versions for which the numbers hold, as in package.json; null when it made no difference so far. */
  versions: string | null;
  /** Where the numbers come from. */
  source: string;
}

/** One row per name: `facts("mail", "resend:Resend().emails", "send create")`. */
export function facts(kind: SinkKind, object: string, methods: string, sql?: number): LibraryFact[] {
  const joint = object.endsWith(":") ? "" : ".";
  return methods
    .split(" ")
    .map((method) => ({ api: `${object}${joint}${method}`, kind, ...(sql === undefined ? {} : { sql }) }));
}

/** A client with the usual traits: an options object first, milliseconds, no retries. */
export function client(
  construct: string,
  fact: Pick<ClientFact, "timeoutOption" | "defaultTimeoutMs" | "source"> & Partial<ClientFact>,
): ClientFact {
  return {
    construct,
    timeoutOn: "construction",
    timeoutUnit: "ms",
    optionsAt: 0,
    retries: null,
    versions: null,
    ...fact,
  };
}
