/** Finds calls that tell somebody else something on the side, while the user waits for them: chats, hooks, analytics, CRM. */
import { textOf } from "../../analyzers/code/text.ts";
import { isOutcomeUsed } from "../../analyzers/code/outcomes.ts";
import type { Model, Reach, Use } from "../../analyzers/model.ts";
import type { Confidence, Match } from "../finding.ts";
import { evidenceOf } from "../evidence.ts";
import { anchorOf, routesIn } from "./words.ts";
import { workOf } from "./work.ts";

/** Hosts, settings and packages that are told things and whose answer nobody needs. */
const sideHosts =
  /hooks\.slack\.com|discord(app)?\.com\/api\/webhooks|hooks\.zapier\.com|hook[\w.]*\.make\.com|api\.(segment\.(io|com)|mixpanel\.com|amplitude\.com|hubapi\.com|customer\.io|intercom\.io|pipedrive\.com|convertkit\.com|beehiiv\.com|mailerlite\.com)|\.api\.mailchimp\.com|google-analytics\.com|(us|eu)?\.?i?\.?posthog\.com|track\.customer\.io|a\.klaviyo\.com|graph\.facebook\.com\/v?[\d.*]*\/[^/]+\/events|plausible\.io|webhook\.site|outlook\.office\.com\/webhook|chat\.googleapis\.com/i;
const sideSettings =
  /\$\w*(SLACK|DISCORD|ZAPIER|MAKE_|TEAMS|WEBHOOK|_HOOK|SEGMENT|MIXPANEL|AMPLITUDE|POSTHOG|HUBSPOT|MAILCHIMP|ANALYTICS|CRM|N8N|INDEXNOW)/;
/** Names of the functions that make such calls. */
const sideNames =
  /slack|discord|zapier|web-?hooks?$|notify(?!.*(user|client)s?$)|analytics|trackEvent|^track[A-Z]|hubspot|mailchimp|newsletter|syncTo|pushTo|crm/i;

export function outsideCalls(model: Model): Match[] {
  return workOf(model).flatMap(({ kind, use, waiting }) => {
    if (kind !== "http") return [];
    const ways = waiting.filter((way) => !isOutcomeUsed(way, model));
    const confidence = ways.length === 0 ? null : confidenceOf(use, ways, model);
    if (confidence === null) return [];
    return [
      {
        rule: "queue/external-http-in-request",
        file: use.call.file,
        line: use.call.line,
        confidence,
        message: `${routesIn(ways)} waits until ${addressee(use)} has answered, and does nothing with the answer: while that service is slow, so is this request.`,
        also: [],
        ...evidenceOf(ways),
        call: use.call.id,
        anchor: anchorOf(use.api, use.call.fn, model),
        fix: "brief",
      },
    ];
  });
}

/** Surest where the other side is known to be told only; fair where the app itself goes on after a failure; else a guess. */
function confidenceOf(use: Use, ways: readonly Reach[], model: Model): Confidence | null {
  if (isOwnAddress(use)) return null;
  const isProven = use.certainty === "proven" && ways.some((way) => way.certainty === "proven");
  if (isTold(use)) return isProven ? "high" : "medium";
  const isSwallowed = ways.every(({ calls }) => calls.some(({ guarded }) => guarded));
  const isNamed = ways.every(({ path }) => path.slice(1).some(({ label }) => sideNames.test(label)));
  if (isSwallowed && isNamed && !mustSucceed(use, model)) return "medium";
  return "low";
}

function isTold({ addresses = [] }: Use): boolean {
  return addresses.some((address) => sideHosts.test(address) || sideSettings.test(address));
}

/** A failure that is passed on shows that the call is part of what was asked for. */
function mustSucceed({ call }: Use, model: Model): boolean {
  const fn = model.fn(call.fn);
  const text = fn === null ? "" : textOf(model, fn);
  return /\bcatch\b[^{]*\{[^}]*\bthrow\b/.test(text);
}

function isOwnAddress({ addresses = [], call: { args } }: Use): boolean {
  const [target] = args;
  const written =
    target?.kind === "literal" ? String(target.value) : target?.kind === "template" ? (target.parts[0] ?? "") : "";
  const text = addresses[0] ?? written;
  return /^(https?:\/\/(localhost|127\.0\.0\.1|\[::1\])|\/(?!\/))/.test(text);
}

function addressee({ addresses = [] }: Use): string {
  const host = addresses.flatMap((address) => /^https?:\/\/([\w.-]+\.\w+)/.exec(address)?.[1] ?? [])[0];
  const setting = addresses.flatMap((address) => /^\$(\w+)/.exec(address)?.[1] ?? [])[0];
  return host ?? (setting === undefined ? "another service" : `the service at ${setting}`);
}
