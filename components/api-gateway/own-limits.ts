/** The app's own way to limit a route, as it is written at the registrations of other routes. */
import type { CallSite, Fn, Model, Place, Route, Service } from "../../analyzers/model.ts";
import { callAt } from "../../patches/editors/calls.ts";
import { openSource, type Range, type Source, textOf } from "../../patches/editors/source.ts";
import { authEvidence, authKindOf } from "./auth-routes.ts";
import { limitingFunctions } from "./limited.ts";

export interface OwnLimit extends Place {
  /** As it is written there: `helpers.rateLimit({ window: 60, limit: 5 })`. */
  text: string;
  /** The argument before it: what has to be known by then. */
  before: string | null;
  /** The app's function that limits, or makes what limits. */
  fn: Fn;
  /** Whether a call with fixed numbers makes it anew for each route. */
  isMade: boolean;
  /** Whether it guards logins, sign-ups or codes. */
  guardsAccounts: boolean;
}

/** What counts requests by its name; what counts credits or bytes is something else. */
const limiterName = /^(?!.*(usage|quota|credit|plan|size|upload|body)).*(rate|limit|throttl|slow|brute|flood)/i;

export function ownLimits(model: Model, service: Service): OwnLimit[] {
  const limits = limitingFunctions(model);
  const evidence = authEvidence(model);
  return model.routes
    .filter((route) => route.service === service.name && model.context(route.file) === "server")
    .flatMap((route) => {
      const source = openSource(model.repo, route.file);
      const call = source === null || route.registration === null ? null : callAt(source, route.registration.span);
      if (source === null || call === null) return [];
      const guardsAccounts = authKindOf(route, evidence.get(route.id) ?? [], true) !== null;
      return call.args.slice(0, -1).flatMap((range, index): OwnLimit[] => {
        const found = limiterAt(source, range, route, model, limits);
        if (found === null) return [];
        const before = index === 0 ? undefined : call.args[index - 1];
        const { file, line } = route;
        return [{ ...found, file, line, before: before === undefined ? null : textOf(source, before), guardsAccounts }];
      });
    });
}

function limiterAt(
  source: Source,
  range: Range,
  route: Route,
  model: Model,
  limits: (fn: Fn) => boolean,
): Pick<OwnLimit, "text" | "fn" | "isMade"> | null {
  const text = textOf(source, range);
  const made = siteAt(range, route.file, model);
  const [name = ""] = /[\w$]+$/.exec(text.replace(/\s*\([^]*$/, "")) ?? [];
  if (!limiterName.test(name)) return null;
  if (made !== null) {
    const fn = model.targets(made).find(limits);
    return fn === undefined || !made.args.every(isFixed) ? null : { text, fn, isMade: true };
  }
  const fns = [...route.middleware, ...route.handlers].flatMap(({ fn }) => (fn === null ? [] : (model.fn(fn) ?? [])));
  const fn = fns.find((each) => (each.name === name || each.exportedAs.includes(name)) && limits(each));
  return fn === undefined ? null : { text, fn, isMade: false };
}

function siteAt({ start, end }: Range, file: string, model: Model): CallSite | null {
  const calls = model.summary(file)?.calls ?? [];
  const index = calls.findIndex(({ span }) => span.start === start && span.end === end);
  return index < 0 ? null : model.call(`${file}#${index}`);
}

function isFixed(known: CallSite["args"][number]): boolean {
  if (known.kind === "object") return !known.open && Object.values(known.entries).every(isFixed);
  return known.kind === "literal";
}
