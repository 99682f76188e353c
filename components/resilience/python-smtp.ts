/** Python mail transports that wait without end for a server that says nothing: smtplib's, and Django's settings for it. */
import { posix } from "node:path";
import type { Model, Place, Reach, Service, Use } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Match } from "../finding.ts";
import { evidenceOf } from "../evidence.ts";
import { djangoTimeoutEdit, pythonMailEdit } from "./python-edits.ts";
import { confidenceOf, waitersIn, waysTo } from "./reached.ts";
import { smtpRule } from "./smtp-timeouts.ts";

export function pythonSmtpTimeouts(model: Model): Match[] {
  return [...openTransports(model), ...model.services.flatMap((service) => djangoSettings(service, model))];
}

/** `smtplib.SMTP(host, port)`: the fourth positional argument of SMTP is its timeout, the sixth of SMTP_SSL. */
function openTransports(model: Model): Match[] {
  return ["SMTP", "SMTP_SSL"].flatMap((name) =>
    model.usesOf(`pypi:smtplib:${name}`).flatMap((use) => {
      const ways = waysTo(use.call, model);
      if (ways.length === 0 || isBounded(use, name === "SMTP" ? 4 : 5)) return [];
      return [
        matchOf(
          use.call,
          ways,
          confidenceOf(use.certainty, ways),
          `smtplib.${name} waits as long as the server does`,
          use,
          pythonMailEdit(use.call, model),
        ),
      ];
    }),
  );
}

function isBounded({ call: { args } }: Use, position: number): boolean {
  const keywords = args.find(({ kind }) => kind === "object");
  const positional = args.filter(({ kind }) => kind !== "object");
  return (
    positional.length >= position || (keywords?.kind === "object" && (keywords.open || "timeout" in keywords.entries))
  );
}

/** Django's EMAIL_TIMEOUT is None unless it is set (Django documentation, settings). */
function djangoSettings(service: Service, model: Model): Match[] {
  if (!service.frameworks.some(({ name }) => name === "django")) return [];
  const own = model.repo.files.filter((file) => model.summary(file) !== null && model.service(file) === service);
  const settings = own.filter((file) => "EMAIL_HOST" in (model.summary(file)?.exports ?? {}));
  const isSet = own.some((file) => "EMAIL_TIMEOUT" in (model.summary(file)?.exports ?? {}));
  const [file] = settings.filter((each) => !/(^|[/_.])(test|dev|local)/.test(posix.basename(each)));
  if (file === undefined || isSet || !usesSmtp(settings, model)) return [];
  const sends = model
    .usesOf("pypi:django:core.mail.**")
    .filter(({ kind, call }) => kind === "mail" && model.service(call.file) === service);
  const ways = sends.flatMap(({ call }) => waysTo(call, model));
  if (ways.length === 0) return [];
  const lines = (model.repo.read(file) ?? "").split("\n");
  const line = lines.findIndex((each) => /^EMAIL_HOST\s*=/.test(each)) + 1;
  if (line === 0) return [];
  return [
    matchOf(
      { file, line },
      ways,
      "high",
      "Django sends without a time limit while EMAIL_TIMEOUT is not set",
      null,
      djangoTimeoutEdit({ file, line }, model),
    ),
  ];
}

/** Settings that name another backend than SMTP's, as a default too, send by an API or to the console. */
function usesSmtp(files: readonly string[], { repo }: Model): boolean {
  const texts = files.map((file) => repo.read(file) ?? "");
  const backends = texts.flatMap((text) =>
    [...text.matchAll(/\bEMAIL_BACKEND\s*=\s*([^]{0,160})/g)].map(([, name]) => name ?? ""),
  );
  return backends.length === 0 || backends.some((name) => /backends\.smtp\b/.test(name));
}

function matchOf(
  { file, line }: Place,
  ways: readonly Reach[],
  confidence: Match["confidence"],
  why: string,
  use: Use | null,
  edit: Edit | null,
): Match {
  return {
    rule: smtpRule,
    file,
    line,
    confidence,
    message: `When the mail server hangs, ${waitersIn(ways)} hangs with it: ${why}.`,
    also: [],
    ...evidenceOf(ways),
    call: use?.call.id ?? null,
    anchor: use === null ? "EMAIL_HOST" : use.api,
    fix: edit === null ? "brief" : "patch",
  };
}
