/** Looks for logins that only one process knows of: session stores that keep to its memory or its disk. */
import { assignedIn, textOf } from "../../analyzers/code/text.ts";
import { isDevOnly } from "../../analyzers/code/dev-only.ts";
import type { CallSite, Known, Model, Use } from "../../analyzers/model.ts";
import { severalOf } from "../../analyzers/deployment/replicas.ts";
import { adviceOnCall } from "../advice.ts";
import type { Match } from "../finding.ts";

/** Session middleware that keeps sessions in memory unless it is given a store, and the place of its options. */
const middleware: readonly { api: string; options: number }[] = [
  { api: "express-session:", options: 0 },
  { api: "express-session:session", options: 0 },
];
/** Stores that stay within one process or on one disk. */
const localStore =
  /^(memorystore|session-file-store|session-memory-store|connect-sqlite3|connect-nedb-session|nedb-session-store|connect-loki|better-sqlite3-session-store|express-session:.*MemoryStore|session-file-store)/;

export function localSessions(model: Model): Match[] {
  return [...expressSessions(model), ...fastifySessions(model)];
}

/** Every session middleware that runs, whatever it keeps its sessions in. */
export function sessionCalls(model: Model): CallSite[] {
  const uses = [...middleware.flatMap(({ api }) => model.usesOf(api)), ...fastifyRegistrations(model)];
  return uses.flatMap((use) => (runs(model, use) ? [use.call] : []));
}

function expressSessions(model: Model): Match[] {
  return middleware.flatMap(({ api, options }) =>
    model.usesOf(api).flatMap((use) => (runs(model, use) ? found(model, use.call, use.call.args[options]) : [])),
  );
}

/** `app.register(session, {...})`. */
function fastifySessions(model: Model): Match[] {
  return fastifyRegistrations(model).flatMap((use) =>
    runs(model, use) ? found(model, use.call, use.call.args[1]) : [],
  );
}

function fastifyRegistrations(model: Model): Use[] {
  return model.usesOf("fastify:**.register").filter(({ call: { args } }) => {
    const [plugin] = args;
    return plugin?.kind === "external" && plugin.api.startsWith("@fastify/session:");
  });
}

function runs(model: Model, { call }: Use): boolean {
  return model.context(call.file) === "server" && !isDevOnly(model, call);
}

function found(model: Model, call: CallSite, options: Known | undefined): Match[] {
  const store = storeIn(model, call, options);
  if (store === "shared" || store === "unknown") return [];
  const service = model.service(call.file);
  const several = service === null ? null : severalOf(model, service);
  const where = store === "disk" ? "on the disk of one machine" : "in the memory of one process";
  const harm =
    several === null
      ? "Every restart and every deploy logs everybody out, and with a second instance users are logged in on one and not on the other."
      : `Users are logged in on one process and not on the other (${several.note}), and every deploy logs everybody out.`;
  return [
    adviceOnCall("load-balancer/in-memory-session", call, {
      confidence: "high",
      message: `Sessions are kept ${where}. ${harm}`,
      anchor: "session store",
      fix: "patch",
    }),
  ];
}

function storeIn(model: Model, call: CallSite, options: Known | undefined): "memory" | "disk" | "shared" | "unknown" {
  const store = options?.kind === "object" ? options.entries["store"] : undefined;
  const text = model.repo.read(call.file) ?? "";
  if (store?.kind === "external" || store?.kind === "class") {
    const api = store.kind === "external" ? store.api : store.name;
    if (!localStore.test(api)) return "shared";
    return /file|sqlite|nedb|loki/.test(api) ? "disk" : "memory";
  }
  if (store !== undefined) return localByText(textOf(model, call), text);
  const isComplete = options === undefined || (options.kind === "object" && !options.open);
  const isSetLater = /\.store\s*=|\bstore\s*:/.test(textAround(options, text));
  return isComplete && !isSetLater ? "memory" : "unknown";
}

/** `store: new MemoryStore({...})` where the class was made by a call, `require("memorystore")(session)`. */
function localByText(call: string, file: string): "memory" | "disk" | "unknown" {
  const name = /\bstore\s*:\s*(?:new\s+)?([\w$]+)/.exec(call)?.[1] ?? "";
  const made = assignedIn(file, name);
  if (/memory-?store/i.test(`${name} ${made}`)) return "memory";
  return /file-?store|sqlite/i.test(`${name} ${made}`) && !/redis|mongo|postgres/i.test(made) ? "disk" : "unknown";
}

/** The file, where options may be completed elsewhere; nothing where they are written at the call. */
function textAround(options: Known | undefined, text: string): string {
  return options === undefined ? "" : text;
}
