/** Routes that other services or the app's own scheduler call: nobody waits there, and who calls proves itself by a signature or a shared secret. */
import { textOf } from "../code/text.ts";
import type { Handler, Model, Route } from "../model.ts";

const named =
  /web-?hooks?|callback|\bipn\b|notify-?url|\/(pay|payments?|checkout|billing)\/(\w+\/)?notif(y|ications?)$|\/scim\/|\/(api\/)?(internal\/)?(cron(-?jobs?|s)?|qstash|inngest|queues?|workers?|workflows?|house-?keeping)(\/|$)|\/queue$/i;
/** Where chat services and hosts of code report what happened there. */
const reported = /\b(slack|discord|telegram|github|gitlab|twilio|whatsapp)\/(events?|interact\w+|commands?|actions?)$/i;
/** Packages that check the signature of what they receive. */
const verifying = [
  "stripe:**.constructEvent",
  "stripe:**.constructEventAsync",
  "pypi:stripe:**.construct_event",
  "svix:Webhook().verify",
  "standardwebhooks:Webhook().verify",
  "@upstash/qstash:Receiver().verify",
];
const receiving = /^(@upstash\/(qstash|workflow)\/|inngest\/|@trigger\.dev\/|@upstash\/workflow:|workflow\/)/;
const secrets =
  /\b(CRON|QSTASH|INTERNAL|REVALIDATION|WEBHOOK)_?\w*(SECRET|KEY|TOKEN)\b|\bverify\w*signature|\bwithCron\b|\bhasCronSecret\b|x-vercel-cron/i;

export function serviceRouteFinder(model: Model): (route: Route) => boolean {
  let verified: ReadonlySet<string | null> | null = null;
  const isVerified = (route: Route): boolean => {
    verified ??= new Set(
      verifying
        .flatMap((api) => model.usesOf(api))
        .flatMap(({ call }) => model.reach(call).map(({ entry }) => entry.routeId)),
    );
    return verified.has(route.id);
  };
  return (route) => {
    const { schedule, path, middleware, handlers, via } = route;
    if (via === "page" || via === "action") return false;
    if (schedule !== undefined || named.test(path) || reported.test(path) || isVerified(route)) return true;
    const own = [...middleware, ...handlers].filter(({ place }) => !/(^|\/)(middleware|proxy)\.\w+$/.test(place.file));
    return own.some((handler) => receiving.test(handler.api ?? "") || asksSecret(model, handler));
  };
}

/** Whether the handler compares a shared secret: in its own text, or as a wrapper. */
function asksSecret(model: Model, { fn: id, also = [] }: Handler): boolean {
  const fns = [id, ...also].flatMap((each) => (each === null ? [] : (model.fn(each) ?? [])));
  return fns.some((fn) => {
    const text = textOf(model, fn);
    return secrets.test(text) || (comparesSetting.test(text) && !isOfUsers.test(text));
  });
}

/** A key of the whole app, compared with what the caller brought. */
const comparesSetting =
  /\benv\.\w*(SECRET|API_?KEY|TOKEN)\b[^]*\btimingSafeEqual\(|[!=]==?\s*process\.env\.\w*(SECRET|API_?KEY|TOKEN)\b/;
/** Sessions and signed tokens rest on a secret, too, but each user has one of his own. */
const isOfUsers = /createHmac|\bjwt\b|jsonwebtoken|cookie|session/i;
