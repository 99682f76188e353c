/** Events within one process: which listeners an `emit` runs, by emitter and event name. */
import { isEmit, registrarOf } from "../libraries/registrars.ts";
import type { CallNode, FnNode } from "./program.ts";
import type { Linked } from "./rounds.ts";
import { NONE, type External, type Tokens } from "./token.ts";

/** The listeners that an emitting call runs; empty when emitter or event is not known. */
export type Listeners = (call: CallNode) => readonly FnNode[];

export function listenersOf(linked: Linked): Listeners {
  const byEvent = new Map<string, FnNode[]>();
  for (const call of linked.solver.program.calls) {
    const tokens = (linked.callees[call.uid] ?? NONE).filter(isListening);
    const names = tokens.length === 0 ? [] : eventKeys(linked, call, tokens);
    for (const name of names) byEvent.set(name, [...(byEvent.get(name) ?? []), ...listeners(linked, call)]);
  }
  return (call) => {
    const tokens = (linked.callees[call.uid] ?? NONE).filter((token) => token.kind === "external" && isEmit(token.api));
    return eventKeys(linked, call, tokens).flatMap((name) => byEvent.get(name) ?? []);
  };
}

function isListening(token: Tokens[number]): boolean {
  return token.kind === "external" && registrarOf(token.api)?.kind === "event";
}

function eventKeys({ solver }: Linked, call: CallNode, tokens: Tokens): string[] {
  const name = call.fact.args[0];
  if (name === undefined) return [];
  const events = solver
    .evaluate(call.file, name, null)
    .flatMap((token) => (token.kind === "literal" ? [String(token.value)] : []));
  return tokens.flatMap((token) =>
    token.kind === "external" ? events.map((event) => `${emitterKey(token)}\n${event}`) : [],
  );
}

/** Where the emitter was made; the package's path when it is an instance whose making was not followed. */
function emitterKey({ api, made }: External): string {
  return made === null ? api.replace(/\.\w+$/, "") : String(made.call.uid);
}

function listeners({ solver }: Linked, call: CallNode): FnNode[] {
  return call.fact.args.flatMap((arg) =>
    solver.evaluate(call.file, arg, null).flatMap((token) => (token.kind === "fn" ? [token.fn] : [])),
  );
}
