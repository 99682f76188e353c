/** Functions that a call runs by a detour over a package: what a bus, a login strategy or a loader was once given. */
import { dispatchOf, type Dispatch } from "./dispatch.ts";
import type { Edge } from "./edges.ts";
import type { CallNode } from "./program.ts";
import type { Linked } from "./rounds.ts";
import { strategiesOf, type Strategies } from "./strategies.ts";
import { NONE } from "./token.ts";
import { fateOf } from "./waiting.ts";

export type Detour = Omit<Edge, "call" | "deferred">;

export function detoursOf(linked: Linked): (call: CallNode) => Detour[] {
  const dispatch = dispatchOf(linked);
  const strategies = strategiesOf(linked);
  return (call) => {
    if ((linked.callees[call.uid] ?? NONE).every(({ kind }) => kind !== "external")) return [];
    return [...dispatched(call, dispatch), ...checks(linked, call, strategies), ...batches(linked, call)];
  };
}

/** The methods that a bus runs for what the call sends: waited for like any other call where the bus gives their outcome. */
function dispatched(call: CallNode, dispatch: Dispatch): Detour[] {
  const { fns, answers } = dispatch(call);
  const detached = !answers || fateOf(call) === "left";
  return fns.map((to) => ({ to, how: answers ? "call" : "callback", detached, inferred: false }));
}

/** `passport.authenticate("local", done)(req, res, next)`: where the handler itself asks for the check. */
function checks({ callees }: Linked, call: CallNode, strategies: Strategies): Detour[] {
  return (callees[call.uid] ?? NONE).flatMap((token) => {
    if (token.kind !== "external" || token.api !== "passport:authenticate()" || token.via === null) return [];
    return strategies(token.via.call).map(({ fn }) => ({ to: fn, how: "callback", detached: false, inferred: false }));
  });
}

const LOADING = /^dataloader:\(\)\.(load|loadMany)$/;

/** `loader.load(id)` waits for the function that the loader was made with. */
function batches({ solver, callees }: Linked, call: CallNode): Detour[] {
  return (callees[call.uid] ?? NONE).flatMap((token) => {
    if (token.kind !== "external" || !LOADING.test(token.api) || token.made === null) return [];
    const { made } = token;
    const [batch] = made.call.fact.args;
    const given = batch === undefined ? NONE : solver.evaluate(made.call.file, batch, made.env);
    return given.flatMap((each): Detour[] =>
      each.kind === "fn" ? [{ to: each.fn, how: "callback", detached: false, inferred: each.inferred }] : [],
    );
  });
}
