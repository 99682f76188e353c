/** Chained calls as one: `User.find(filter).sort(order).limit(10)`, also where the steps are put together name by name. */
import { indexIn } from "../ids.ts";
import type { CallSite, Model, Use } from "../model.ts";
import type { Arm, CallId, Summary } from "../summary.ts";
import type { Expr, Frame } from "../flow/expression.ts";
import { fileIndex } from "../flow/file-index.ts";

/** One call of a chain. */
export interface Link {
  method: string;
  call: CallSite;
  args: readonly Expr[];
  /** False when it stands behind an `if` that the chain's beginning does not. */
  sure: boolean;
}

export interface Chain {
  model: Model;
  use: Use;
  /** The beginning first; the rest in source order. */
  links: readonly [Link, ...Link[]];
  /** True when the unfinished query is handed to a function of the app, which may add anything. */
  handedOn: boolean;
  /** The call that sends it, where that is none of the chain's own: `session.execute(statement)`. */
  asked?: CallSite;
}

/** The chain that begins with a use's call. */
export function chainFrom(model: Model, use: Use, frame: Frame | null = null): Chain | null {
  const { file } = use.call;
  const summary = model.summary(file);
  if (summary === null) return null;
  const ids = [...membersOf(summary, indexIn(use.call.id))].toSorted((a, b) => a - b);
  const start = linkOf(summary, use.call, use.call, frame);
  const rest = ids.flatMap((id) => {
    const site = id === indexIn(use.call.id) ? null : model.call(`${file}#${id}`);
    return site === null ? [] : [linkOf(summary, site, use.call, frame)];
  });
  const ordered = rest.toSorted((a, b) => a.call.span.end - b.call.span.end);
  return { model, use, links: [start, ...ordered], handedOn: isHandedOn(model, summary, file, new Set(ids)) };
}

export function linkOf(summary: Summary, call: CallSite, start: CallSite, frame: Frame | null): Link {
  const fact = summary.calls[indexIn(call.id)];
  const { callee = { kind: "unknown" }, args = [] } = fact ?? {};
  const method = callee.kind === "member" ? callee.property : callee.kind === "imported" ? callee.name : "";
  return {
    method,
    call,
    args: args.map((value) => ({ file: call.file, value, frame })),
    sure: !summary.arms.some((arm) => holds(arm, call) && !holds(arm, start)),
  };
}

function holds({ span }: Arm, call: CallSite): boolean {
  return span.start <= call.span.start && call.span.end <= span.end;
}

/** The call, what is called on it, and what is called on the names that it or they are given to. */
function membersOf(summary: Summary, start: CallId): Set<CallId> {
  const { onCall, onName, namesOf } = fileIndex(summary);
  const members = new Set([start]);
  for (const id of members) {
    const named = (namesOf.get(id) ?? []).flatMap((name) => onName.get(name) ?? []);
    for (const next of [...(onCall.get(id) ?? []), ...named]) if (isStep(summary, next)) members.add(next);
  }
  return members;
}

/** `query.limit(5)`, not `rows.data.map(...)`. */
function isStep(summary: Summary, id: CallId): boolean {
  const callee = summary.calls[id]?.callee;
  return (
    callee?.kind === "member" &&
    (callee.object.kind === "call" || callee.object.kind === "name") &&
    !(summary.language === "python" ? afterwardsInPython : afterwards).has(callee.property)
  );
}

/** What is done with rows, not with a query. */
const afterwards = new Set(
  "then catch finally map forEach filter reduce find some every slice push includes toString flatMap".split(" "),
);

const afterwardsInPython = new Set("append extend items keys join".split(" "));

function isHandedOn(model: Model, summary: Summary, file: string, members: ReadonlySet<CallId>): boolean {
  const { givenTo, namesOf } = fileIndex(summary);
  const takers = [...members].flatMap((id) => {
    const isFinished = summary.calls[id]?.use === "awaited";
    const named = (namesOf.get(id) ?? []).flatMap((name) => givenTo.get(name) ?? []);
    return isFinished ? named : [...(givenTo.get(id) ?? []), ...named];
  });
  return takers.some((id) => {
    const site = members.has(id) || makesObject(summary, id) ? null : model.call(`${file}#${id}`);
    return site !== null && (site.isNew || model.targets(site).length > 0);
  });
}

/** `OrderSerializer(orders, many=True)`: Python makes objects by a call of their class, and these take rows as they come. */
function makesObject(summary: Summary, id: CallId): boolean {
  const callee = summary.calls[id]?.callee;
  return (
    summary.language === "python" && callee !== undefined && "name" in callee && /^[A-Z]\w*[a-z]/.test(callee.name)
  );
}

/** The links with one of these names. */
export function linksNamed({ links }: Chain, ...names: string[]): Link[] {
  return links.filter(({ method }) => names.includes(method));
}
