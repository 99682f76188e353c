/** What a call does to the world beyond the process, itself or through the app's own functions. */
import { ANY_VERB } from "../../analyzers/libraries/verbs.ts";
import { indexIn } from "../../analyzers/ids.ts";
import { callsOf } from "../../analyzers/code/calls-in.ts";
import type { CallSite, Known, Model, SinkKind, Use } from "../../analyzers/model.ts";

/** Kinds whose failure loses something that somebody counts on. */
const weighty: ReadonlySet<SinkKind> = new Set([
  "database-write",
  "payment",
  "mail",
  "push",
  "queue",
  "storage",
  "http",
  "file-write",
]);

export interface Effects {
  /** The first weighty use that runs when this call runs; null when none is known. */
  of(call: CallSite): Use | null;
}

export function effectsOf(model: Model): Effects {
  const known = new Map<string, Use | null>();

  function of(call: CallSite): Use | null {
    const own = model.usesAt(call).find((use) => !call.isNew && isWeighty(use));
    if (own !== undefined) return own;
    const handed = model.usesAt(call).some(runsCallback)
      ? call.args.flatMap((arg) => (arg.kind === "fn" ? [arg.fn] : []))
      : [];
    for (const id of [...model.targets(call).map((target) => target.id), ...handed]) {
      const found = inside(id);
      if (found !== null) return found;
    }
    return writes(call) ? asWrite(queryIn(call, new Set())) : null;
  }

  /** The query that an app's own `query(text)` comes to: which text it runs is known at its callers only. */
  function queryIn(call: CallSite, seen: Set<string>): Use | null {
    for (const { id } of model.targets(call)) {
      if (seen.has(id)) continue;
      seen.add(id);
      for (const inner of callsOf(id, model)) {
        const own = model.usesAt(inner).find(({ kind }) => kind === "database-read");
        const found = own ?? queryIn(inner, seen);
        if (found !== null) return found;
      }
    }
    return null;
  }

  function inside(fn: string): Use | null {
    const answer = known.get(fn);
    if (answer !== undefined) return answer;
    known.set(fn, null);
    const found =
      callsOf(fn, model)
        .filter((call) => !isHandedIn(call, model) && !isAfterFailure(call, model))
        .map(of)
        .find((use) => use !== null) ?? null;
    known.set(fn, found);
    return found;
  }

  return { of };
}

/** `run(tx)` of a function that was given `run`: what that does is for each of its callers to say. */
function isHandedIn({ id, file }: CallSite, model: Model): boolean {
  return model.summary(file)?.calls[indexIn(id)]?.callee.kind === "param";
}

/** What a `catch` block does is no part of what is lost when the call fails. */
function isAfterFailure({ file, span }: CallSite, model: Model): boolean {
  const handlers = (model.summary(file)?.tries ?? []).flatMap(({ handler }) => handler ?? []);
  return handlers.some(({ start, end }) => start <= span.start && span.end <= end);
}

/** SQL in the arguments that changes something. */
function writes({ args: [text] }: CallSite): boolean {
  const start = text?.kind === "template" ? text.parts[0] : text?.kind === "literal" ? text.value : null;
  return typeof start === "string" && /^\s*(insert|update|delete|merge|replace)\b/i.test(start);
}

function asWrite(use: Use | null): Use | null {
  return use === null ? null : { ...use, kind: "database-write" };
}

/** Reading from another service loses nothing. */
function isWeighty(use: Use): boolean {
  if (use.kind === null || !weighty.has(use.kind)) return false;
  if (use.kind === "database-write" && (runsCallback(use) || setsUp(use))) return false;
  if (use.kind === "file-write") return /writeFile|createWriteStream|appendFile|outputFile/.test(use.api);
  if (use.kind === "storage")
    return [use.api, ...use.call.args.map((arg) => (arg.kind === "external" ? arg.api : ""))].some((api) =>
      /put|upload|copy|save/i.test(api),
    );
  if (use.kind === "payment") return !/\.(retrieve|list\w*|search|fetch|all|get\w*|find)$/.test(use.api);
  return use.kind !== "http" || methodOf(use) === "write";
}

/** `$transaction(async (tx) => ...)` does what its callback does. */
function runsCallback({ api, call }: Use): boolean {
  return api.endsWith(".$transaction") && call.args[0]?.kind === "fn";
}

/** `$executeRaw` of what changes the connection only: `SELECT set_config(...)`, `SET search_path`. */
function setsUp({ api, call }: Use): boolean {
  const [text] = call.args;
  const start = text?.kind === "template" ? text.parts[0] : text?.kind === "literal" ? text.value : null;
  return /\.\$executeRaw(Unsafe)?$/.test(api) && typeof start === "string" && /^\s*(select|set)\b/i.test(start);
}

/** What the clients of a service call that which changes something: `calendar.events.insert`. */
const changing =
  /\.(insert|create|update|upsert|append|import|copy|send|publish|remove|cancel|batch(Update|Create|Delete))$/;

/** Whether an outside call reads or writes, by its name or its options; `unknown` where neither says. */
export function methodOf({ api, call }: Use): "read" | "write" | "unknown" {
  const name = /\.?(get|head|post|put|patch|delete|del)(Form)?$/i.exec(api)?.[1]?.toLowerCase();
  if (name !== undefined) return name === "get" || name === "head" ? "read" : "write";
  if (api.endsWith(ANY_VERB)) return "unknown";
  if (changing.test(api)) return "write";
  const options = [...call.args].reverse().find((arg) => arg.kind === "object");
  const method: Known | undefined = options?.kind === "object" ? options.entries["method"] : undefined;
  if (method?.kind === "literal") return /^(get|head)$/i.test(String(method.value)) ? "read" : "write";
  if (method !== undefined || (options?.kind === "object" && options.open)) return "unknown";
  return call.args.slice(1).some(({ kind }) => kind !== "object") ? "unknown" : "read";
}
