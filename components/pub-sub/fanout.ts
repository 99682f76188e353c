/** Finds requests that tell everybody themselves: mail, chat, push, hooks, one after the other, before they answer. */
import { callsOf } from "../../analyzers/code/calls-in.ts";
import { closureOf } from "../../analyzers/code/closure.ts";
import { conditionsOf } from "../../analyzers/code/conditions.ts";
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { isOutcomeUsed } from "../../analyzers/code/outcomes.ts";
import type { Match } from "../finding.ts";
import { effectsByFunction, effectsOf, type Effect } from "./side-effects.ts";

/** Fewer kinds than this are a request with a side matter or two. */
const enough = 3;

/** A call in a function's body that is made for its side effects alone. */
interface Step {
  call: CallSite;
  effects: Effect[];
}

export function fanouts(model: Model): Match[] {
  const matches = [...effectsByFunction(model)].flatMap(([fn, effects]) =>
    effects.size < enough ? [] : (fanoutIn(fn, model) ?? []),
  );
  // What a helper does is not said again for each function that calls the helper.
  const inner = new Set(matches.flatMap(({ steps }) => steps.map(({ call }) => call.fn)));
  return matches.filter(({ steps }) => !steps.some(({ call }) => runs(call, inner, model))).map(({ match }) => match);
}

function runs(call: CallSite, fns: ReadonlySet<string>, model: Model): boolean {
  return model.targets(call).some((target) => [...closureOf(target, model)].some((fn) => fns.has(fn)));
}

function fanoutIn(fn: string, model: Model): { match: Match; steps: Step[] } | null {
  const steps = newKinds(callsOf(fn, model).flatMap((call) => stepOf(call, model) ?? []));
  const outside = steps.filter(({ call, effects }) => call.awaited && effects.some(({ isOutside }) => isOutside));
  const [first] = outside;
  if (steps.length < enough || outside.length < 2 || first === undefined) return null;
  if (steps.some(({ call }) => isOneOfSeveral(call, model))) return null;
  const ways = model.reach(first.call).filter(({ entry, detached }) => entry.kind === "route" && !detached);
  return ways.length === 0 ? null : { match: matchFor(first, steps, ways, model), steps };
}

/** The calls that each bring a kind that none before did. */
function newKinds(steps: readonly Step[]): Step[] {
  const seen = new Set<string>();
  return steps.filter(({ effects }) => {
    const isNew = effects.some(({ kind }) => !seen.has(kind));
    for (const { kind } of effects) seen.add(kind);
    return isNew;
  });
}

/** A call that is waited for, or over at once, and whose outcome nobody looks at. */
function stepOf(call: CallSite, model: Model): Step | null {
  const effects = effectsOf(call, model);
  if (effects.length === 0 || (!call.awaited && effects.some(({ isOutside }) => isOutside))) return null;
  return isOutcomeUsed({ calls: [call] }, model) ? null : { call, effects };
}

/** A branch of a choice between channels: only one of them is taken. */
function isOneOfSeveral({ file, span }: CallSite, model: Model): boolean {
  const tests = conditionsOf(model.repo.read(file) ?? "", span);
  return tests.some((test) => /^\W*else\b|\bcase\b/.test(test));
}

function matchFor({ call }: Step, steps: readonly Step[], ways: readonly Reach[], model: Model): Match {
  const kinds = [...new Set(steps.flatMap(({ effects }) => effects.map(({ kind }) => kind)))];
  const routes = [...new Set(ways.map(({ entry }) => entry.label))];
  const others = steps.filter((step) => step.call.id !== call.id);
  return {
    rule: "pub-sub/event-fanout-inline",
    file: call.file,
    line: call.line,
    confidence: ways.some(({ certainty }) => certainty === "proven") ? "high" : "medium",
    message: `${routes[0] ?? "A request"} does ${kinds.length} further things itself before it answers (${kinds.join(", ")}), one after the other: the slowest decides how long the user waits, and one that fails keeps the ones behind it from happening.`,
    also: others.map((step) => ({ file: step.call.file, line: step.call.line })),
    routes,
    path: ways[0]?.path ?? [],
    call: call.id,
    anchor: `fan-out in ${model.fn(call.fn)?.name ?? "a function"}`,
    fix: "brief",
  };
}
