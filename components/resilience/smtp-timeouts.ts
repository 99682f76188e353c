/** Mail transports that wait minutes for a server that says nothing. */
import type { CallSite, Known, Model, Use } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { defaults } from "./budgets.ts";
import { confidenceOf, evidenceOf, waitersIn, waysTo } from "./reached.ts";

export const smtpRule = "resilience/smtp-no-timeout";

export function smtpTimeouts(model: Model): Match[] {
  return slowTransports(model).map(({ use, ways, fix }) => ({
    rule: smtpRule,
    file: use.call.file,
    line: use.call.line,
    confidence: confidenceOf(use.certainty, ways),
    message: `When the mail server hangs, ${waitersIn(ways)} hangs with it: nodemailer ${defaults.nodemailer}.`,
    also: [],
    ...evidenceOf(ways),
    call: use.call.id,
    anchor: `createTransport in ${model.fn(use.call.fn)?.name ?? "a module"}`,
    fix,
  }));
}

interface SlowTransport {
  use: Use;
  ways: ReturnType<typeof waysTo>;
  fix: Match["fix"];
}

function slowTransports(model: Model): SlowTransport[] {
  return model.uses.flatMap((use) => {
    if (use.package !== "nodemailer" || !/[:.]createTransport$/.test(use.api)) return [];
    const fix = fixFor(use.call.args[0]);
    const ways = fix === null ? [] : sendsOf(use.call, model).flatMap((call) => waysTo(call, model));
    return fix === null || ways.length === 0 ? [] : [{ use, ways, fix }];
  });
}

/** The calls on the transport; when none is known to hang on it, the construction itself stands for them. */
function sendsOf(construction: CallSite, model: Model): CallSite[] {
  const sends = model.uses.filter((use) => use.construction?.id === construction.id).map(({ call }) => call);
  return sends.length > 0 ? sends : [construction];
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
