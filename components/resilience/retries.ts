/** Outside calls that are made once, and whose first hiccup fails the request or loses the message. */
import { callsOf } from "../../analyzers/code/calls-in.ts";
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Model, Reach, Use } from "../../analyzers/model.ts";
import type { Span, TryFact } from "../../analyzers/summary.ts";
import type { Match } from "../finding.ts";
import { methodOf } from "./effects.ts";
import { staysAtHome } from "./own-address.ts";
import { evidenceOf } from "../evidence.ts";
import { waysTo } from "./reached.ts";

export const retryRule = "resilience/no-retry-on-external";

/** Packages that repeat calls. Where one is installed, who repeats what is for its author to know. */
const repeating =
  /^(axios-retry|retry-axios|p-retry|async-retry|fetch-retry|@vercel\/fetch\S*|promise-retry|retry|ts-retry\S*|cockatiel|opossum|exponential-backoff|@octokit\/plugin-retry|@lifeomic\/attempt|node-fetch-retry|make-fetch-happen|requestretry|ofetch|ky)$/;
/** Clients that repeat reads by themselves (got and ky: twice; their documentation). */
const selfRepeating = /^(got|ky|ofetch|make-fetch-happen|@octokit\/)/;
/** Clients that give a failure back as a value: what becomes of it stands elsewhere. */
const givesFailure = /^@supabase\//;

interface Single {
  use: Use;
  ways: Reach[];
  isLost: boolean;
  /** A failure costs more than a page that its reader loads again. */
  isDear: boolean;
}

export function singleTries(model: Model): Match[] {
  const found = model.usesOfKind("http").flatMap((use) => single(use, model) ?? []);
  const groups = new Map<string, Single[]>();
  for (const each of found) {
    const key = `${each.use.call.file} ${String(each.isLost)} ${String(each.isDear)}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) => matchFor(group, model));
}

function single(use: Use, model: Model): Single | null {
  const { call } = use;
  const service = model.service(call.file);
  if (
    call.isNew ||
    call.inLoop ||
    service === null ||
    selfRepeating.test(use.package) ||
    givesFailure.test(use.package) ||
    staysAtHome(call, model)
  )
    return null;
  if (Object.keys(service.dependencies).some((name) => repeating.test(name)) || isRepeated(call, model)) return null;
  const ways = waysTo(call, model).filter(({ entry, detached }) => entry.kind === "route" && !detached);
  const method = signsIn.test(use.api) ? "write" : methodOf(use);
  if (method === "read") {
    const failing = ways.filter(({ calls }) => [...calls, call].every((each) => failsItsCaller(each, model)));
    if (failing.length === 0) return null;
    return { use, ways: failing, isLost: false, isDear: failing.some((way) => losesWork(way, call, model)) };
  }
  return method === "write" && ways.length > 0 && isHook(call, model) && isForgotten(call, model)
    ? { use, ways, isLost: true, isDear: true }
    : null;
}

/** Addresses that another program calls once, or in its own time: nobody is there to press the button again. */
const calledByPrograms = /\b(web)?hooks?\b|\bcallback\b|\bipn\b|\bnotif(y|ications?)\b/i;
const lasting: ReadonlySet<string> = new Set(["database-write", "payment", "mail", "push", "queue"]);

/** Something was written, paid or sent before the call on the way to it, or nobody waits who could try again. */
function losesWork({ entry, calls }: Reach, call: CallSite, model: Model): boolean {
  return calledByPrograms.test(entry.label) || [...calls, call].some((step) => leavesBehind(step, model));
}

const known = new WeakMap<Model, Map<string, boolean>>();

/** What its function did before the call cannot be taken for not done. */
function leavesBehind(step: CallSite, model: Model): boolean {
  const ofModel = known.get(model) ?? new Map<string, boolean>();
  known.set(model, ofModel);
  const found =
    ofModel.get(step.id) ??
    callsOf(step.fn, model).some(
      (earlier) =>
        earlier.statement.end <= step.statement.start &&
        model.usesAt(earlier).some(({ kind }) => kind !== null && lasting.has(kind)),
    );
  ofModel.set(step.id, found);
  return found;
}

/** Calls of a login service: who tries again is the user, and an account must not be made twice. */
const signsIn = /\.auth\.(signIn\w*|signUp|signOut|exchange\w*|verifyOtp|resend|resetPassword\w*|refreshSession)$/;

/** Its failure gets out, or what catches it answers with an error: either way the request fails. */
function failsItsCaller(call: CallSite, model: Model): boolean {
  if (!call.guarded) return call.awaited || call.use === "returned";
  const innermost = catchesAround(call, model).toSorted((a, b) => b.block.start - a.block.start)[0];
  if (innermost === undefined || !call.awaited || triesAgain(innermost.handler, call.file, model)) return false;
  return innermost.rethrows || givesUp.test(textOf(model, { file: call.file, span: innermost.handler }));
}

const givesUp = /\bthrow\b|\bnext\s*\(\s*\w|\b(status|sendStatus|code)\s*\(\s*(4|5)\d\d/;

/** The `try ... catch` blocks that a call stands in. */
function catchesAround({ file, span }: CallSite, model: Model): (TryFact & { handler: Span })[] {
  return (model.summary(file)?.tries ?? []).flatMap((each) => {
    const { block, handler } = each;
    return handler !== null && block.start <= span.start && span.end <= block.end ? [{ ...each, handler }] : [];
  });
}

/** A `try` of its own in what catches the failure: the request goes on in another way. */
function triesAgain({ start, end }: Span, file: string, model: Model): boolean {
  return (model.summary(file)?.tries ?? []).some(({ block }) => start <= block.start && block.end <= end);
}

/** A function that speaks of trying again does so, in whatever way. */
function isRepeated(call: CallSite, model: Model): boolean {
  const fn = model.fn(call.fn);
  const text = fn === null ? "" : textOf(model, fn);
  return /retr(y|ies)|attempt|backoff|fallback/i.test(text);
}

/** A message to a chat or a hook, by its address or the name of the setting that holds it. */
function isHook(call: CallSite, model: Model): boolean {
  const [target] = call.args;
  const address = target?.kind === "env" ? target.name : target?.kind === "literal" ? String(target.value) : "";
  const written = textOf(model, call).split("\n")[0] ?? "";
  return /hook|slack|discord|telegram/i.test(address) || /hook/i.test(written);
}

/** What catches the failure does nothing about it. */
function isForgotten(call: CallSite, model: Model): boolean {
  return call.guarded && catchesAround(call, model).some(({ empty }) => empty);
}

function matchFor(group: readonly Single[], model: Model): Match[] {
  const [first, ...others] = group;
  if (first === undefined) return [];
  const { use, ways, isLost, isDear } = first;
  const isClear = use.certainty === "proven" && ways.some(({ certainty }) => certainty === "proven");
  const route = ways[0]?.entry.label ?? "the request";
  const more = others.length === 0 ? "" : ` So it is with ${others.length} more in this file.`;
  return [
    {
      rule: retryRule,
      file: use.call.file,
      line: use.call.line,
      ...(isLost ? { title: "A message to another service is lost at the first hiccup" } : {}),
      confidence: isClear && isDear ? "medium" : "low",
      message: isLost
        ? `The message is sent once: when the other side hiccups it is gone, and nobody learns of it.${more}`
        : `${route} asks another service once and fails with it${isDear ? ", half done or with nobody there to try again" : ""}: reading again after a moment would cure most of these failures unseen.${more}`,
      also: others.map(({ use: { call } }) => ({ file: call.file, line: call.line })),
      ...evidenceOf(group.flatMap((each) => each.ways)),
      call: use.call.id,
      anchor: `${use.api} once in ${model.fn(use.call.fn)?.name ?? "a function"}`,
      fix: "brief",
    },
  ];
}
