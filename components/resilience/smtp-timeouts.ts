/** Mail transports that wait minutes for a server that says nothing. */
import type { CallSite, Known, Model, Reach, Use } from "../../analyzers/model.ts";
import type { Expr } from "../../analyzers/flow/expression.ts";
import { givenOptions } from "../../analyzers/queries/given-options.ts";
import { entriesOf } from "../../analyzers/queries/resolve.ts";
import type { Match } from "../finding.ts";
import { defaults } from "./budgets.ts";
import { evidenceOf } from "../evidence.ts";
import { confidenceOf, isLetGo, waitersIn, waysTo } from "./reached.ts";

export const smtpRule = "resilience/smtp-no-timeout";

export function smtpTimeouts(model: Model): Match[] {
  return slowTransports(model).map(({ use, ways, waits, patience, fix }) => ({
    rule: smtpRule,
    file: use.call.file,
    line: use.call.line,
    confidence: ways.length === 0 ? "medium" : confidenceOf(use.certainty, ways),
    message: `When the mail server hangs, ${consequence(ways, waits)}: nodemailer waits up to ${patience}.`,
    also: [],
    ...evidenceOf(ways),
    call: use.call.id,
    anchor: `createTransport in ${model.fn(use.call.fn)?.name ?? "a module"}`,
    fix,
  }));
}

function consequence(ways: readonly Reach[], waits: boolean): string {
  if (ways.length === 0) return "whatever sends with this transport hangs with it";
  return waits ? `${waitersIn(ways)} hangs with it` : `the mails of ${waitersIn(ways)} pile up in memory`;
}

interface SlowTransport {
  use: Use;
  ways: Reach[];
  /** Whether somebody waits for the mails; false when all of them are let go. */
  waits: boolean;
  /** How long it waits with the options it has. */
  patience: string;
  fix: Match["fix"];
}

function slowTransports(model: Model): SlowTransport[] {
  return [...ownTransports(model), ...nestTransports(model)];
}

/** The transport that Nest's mailer module makes of its options, in place or by a factory. */
function nestTransports(model: Model): SlowTransport[] {
  const uses = ["forRoot", "forRootAsync"].flatMap((name) =>
    model.usesOf(`@nestjs-modules/mailer:MailerModule.${name}`),
  );
  const ways = model
    .usesOf("@nestjs-modules/mailer:MailerService().sendMail")
    .flatMap(({ call }) => waysTo(call, model));
  return uses.flatMap((use) => {
    const given = givenOptions(use.call, model);
    const isSlow = given.length > 0 && given.every(({ entries }) => isUnbounded(entries.get("transport"), model));
    const patience = `${defaults.nodemailer.connection} and ${defaults.nodemailer.reply}`;
    const waiting = ways.filter((way) => !isLetGo(way, model));
    return isSlow && waiting.length > 0 ? [{ use, ways: waiting, waits: true, patience, fix: "brief" as const }] : [];
  });
}

function isUnbounded(transport: Expr | undefined, model: Model): boolean {
  const found = transport === undefined ? null : entriesOf(model, transport);
  if (found === null || found.open) return false;
  const has = (key: string): boolean => found.entries.has(key);
  return !local.some(has) && !has("connectionTimeout") && !has("socketTimeout");
}

function ownTransports(model: Model): SlowTransport[] {
  return model.uses.flatMap((use) => {
    if (use.package !== "nodemailer" || !/[:.]createTransport$/.test(use.api)) return [];
    const fix = fixFor(use.call.args[0]);
    if (fix === null) return [];
    const sends = sendsOf(use.call, model).map((call) => ({ call, ways: waysTo(call, model) }));
    const ways = sends.flatMap((send) => send.ways);
    if (ways.length === 0 && !isInUse(use.call, model)) return [];
    const waits = sends.some(({ call, ways: own }) => !isDropped(call) && own.some(({ detached }) => !detached));
    const waiting = sends.flatMap(({ ways: own }) => own.filter((way) => !isLetGo(way, model)));
    return [{ use, ways: waits ? waiting : ways, waits, patience: patienceOf(use.call.args[0]), fix }];
  });
}

function isDropped({ awaited, use }: CallSite): boolean {
  return !awaited && (use === "discarded" || use === "chained");
}

/** The calls on the transport and on the mailers it was handed to; when none is known, the construction itself stands for them. */
function sendsOf(construction: CallSite, model: Model): CallSite[] {
  const own = model.usesOn(construction);
  const others = model
    .usesOfKind("mail")
    .filter(({ construction: mailer }) => mailer?.args.some(holdsTransport) === true);
  const sends = [...own, ...others].map(({ call }) => call);
  return sends.length > 0 ? sends : [construction];
}

/** `transport` itself, or `{ transport }`. */
function holdsTransport(value: Known): boolean {
  if (value.kind === "external") return /^nodemailer:.*createTransport\(\)$/.test(value.api);
  return value.kind === "object" && Object.values(value.entries).some(holdsTransport);
}

/** A transport that the running app checks or hands on is one that mails go through, also where no way to them was read. */
function isInUse(construction: CallSite, model: Model): boolean {
  if (!["server", "worker"].includes(model.context(construction.file))) return false;
  const runs = model.reach(construction).length > 0;
  const verified = model.usesOn(construction).some(({ api }) => /\.(verify|sendMail)$/.test(api));
  return runs && (verified || model.uses.some(({ call }) => call.args.some(holdsTransport)));
}

/** The waits that no option shortens. */
function patienceOf(options: Known | undefined): string {
  const has = (key: string): boolean => options?.kind === "object" && key in options.entries;
  if (has("connectionTimeout")) return defaults.nodemailer.reply;
  if (has("socketTimeout")) return defaults.nodemailer.connection;
  return `${defaults.nodemailer.connection} and ${defaults.nodemailer.reply}`;
}

const local = ["jsonTransport", "streamTransport", "sendmail", "SES", "send"];

/** Null when the transport is bounded, speaks no SMTP, or cannot be known. */
function fixFor(options: Known | undefined): Match["fix"] | null {
  if (options?.kind === "env" || (options?.kind === "literal" && typeof options.value === "string")) return "brief";
  if (options?.kind !== "object" || options.open) return null;
  const has = (key: string): boolean => key in options.entries;
  if (local.some(has) || (has("connectionTimeout") && has("socketTimeout"))) return null;
  return has("url") ? "brief" : "patch";
}
