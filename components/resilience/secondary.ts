/** Side matters whose failure turns a done order into an error: a mail, push or webhook after the write, unguarded. */
import { indexIn } from "../../analyzers/ids.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { CallSite, Model, Reach, Use } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { evidenceOf } from "../evidence.ts";
import { confidenceOf } from "./reached.ts";
import { runsIn } from "./runs-in.ts";

export const secondaryRule = "resilience/secondary-failure-breaks-primary";

/** A call after the primary work that must not fail the request. */
export interface Exposed {
  call: CallSite;
  sink: Use;
  ways: Reach[];
}

export function secondaryFailures(model: Model): Match[] {
  // What a failure in Python does to what was written before depends on its transaction, which is not read.
  const exposed = exposedCalls(model).filter(({ call }) => !isPython(call.file));
  return exposed.map(({ call, sink, ways }) => ({
    rule: secondaryRule,
    file: call.file,
    line: call.line,
    confidence: confidenceOf(sink.certainty, ways),
    message: `When this ${wordFor(sink)} fails, ${ways[0]?.entry.label ?? "the request"} answers with an error although what the user asked for is done: they will do it again.`,
    also: sink.call.id === call.id ? [] : [{ file: sink.call.file, line: sink.call.line }],
    ...evidenceOf(ways),
    call: call.id,
    anchor: `${sink.api} after the write in ${model.fn(call.fn)?.name ?? "a function"}`,
    fix: "patch",
  }));
}

function wordFor({ kind }: Use): string {
  return kind === "http" ? "call to another service" : kind === "push" ? "notification" : "mail";
}

export function exposedCalls(model: Model): Exposed[] {
  const found = new Map<string, Exposed>();
  for (const sink of model.usesOfKind("mail", "push")) {
    if (!isSideMatter(sink) || model.context(sink.call.file) !== "server") continue;
    for (const way of model.reach(sink.call)) {
      const call = isWriteRoute(way) && !isNeeded(way) ? exposedIn(way, sink, model) : null;
      if (call === null) continue;
      const known = found.get(call.id);
      found.set(call.id, { call, sink: known?.sink ?? sink, ways: [...(known?.ways ?? []), way] });
    }
  }
  return [...found.values()];
}

const preparing = /(verify|close|setApiKey|createTransport\(\)|\.use|\.on)$/;

/** Mail, push, and HTTP calls to chat and hook addresses; a payment or a lookup is never a side matter. */
function isSideMatter({ api, call }: Use): boolean {
  return !call.isNew && !preparing.test(api);
}

/** Where sending is what the route is for, its failure must be told. */
const sendingPurpose =
  /mail|forgot|reset|verif|otp|magic|invit|contact|support|newsletter|subscri|announc|notif|broadcast|send|share|feedback|message|remind|confirm|resend|two-?factor|2fa|code/i;

/** Mails without which the user cannot go on: saying "sent" when they were not would lock people out. */
const neededMail =
  /verif|activat|otp|passcode|magic|invit|reset|password|2fa|two-?factor|token|confirm(new)?(e-?mail|address)\b/i;

function isNeeded({ path }: Reach): boolean {
  return path.slice(1).some(({ label }) => neededMail.test(label));
}

function isWriteRoute({ entry }: Reach): boolean {
  return (
    entry.kind === "route" &&
    /^(POST|PUT|PATCH|DELETE|ALL|ACTION|MUTATION) /.test(entry.label) &&
    !sendingPurpose.test(entry.label)
  );
}

/** The outermost call on the way that stands after primary work in its function and lets a failure through. */
function exposedIn(way: Reach, { call: sink }: Use, model: Model): CallSite | null {
  const calls = [...way.calls.filter(({ id }) => id !== sink.id), sink];
  if (way.detached || calls.some(({ guarded, awaited, use }) => guarded || !(awaited || use === "returned")))
    return null;
  return calls.find((call) => isStatement(call, model) && followsPrimaryWork(call, model)) ?? null;
}

/** Its result is not used: `await send(...)` and nothing around it. */
function isStatement({ file, span, statement }: CallSite, model: Model): boolean {
  const text = model.repo.read(file) ?? "";
  return (
    /^await\s*$/.test(text.slice(statement.start, span.start)) && /^\s*;?\s*$/.test(text.slice(span.end, statement.end))
  );
}

/** Whether a write or a payment stands before the call in the same function, directly or in a function called there. */
function followsPrimaryWork(call: CallSite, model: Model): boolean {
  const primary = model.usesOfKind("database-write", "payment");
  const summary = model.summary(call.file);
  if (summary === null) return false;
  const index = indexIn(call.fn);
  const earlier = summary.calls.flatMap((other, number) => {
    const site = other.fn === index && other.span.end <= call.span.start ? model.call(`${call.file}#${number}`) : null;
    return site === null || !(site.awaited || site.use === "assigned") ? [] : [site];
  });
  return earlier.some((site) => primary.some((use) => use.call.id === site.id || runsIn(site, use.call, model)));
}
