/** From a call on a bus to the methods that are bound to what it sends. */
import { handlingOf, sendingOf, type Handling } from "../libraries/dispatchers.ts";
import { argumentOf, decorationsOf, type Decoration } from "./decorations.ts";
import type { CallNode, ClassNode, FnNode } from "./program.ts";
import type { Linked } from "./rounds.ts";
import type { Solver } from "./solver.ts";
import { NONE, type Tokens } from "./token.ts";

/** The methods that a call runs through a bus, and whether the caller can wait for them. */
export type Dispatch = (call: CallNode) => { fns: readonly FnNode[]; answers: boolean };

export function dispatchOf({ solver, callees }: Linked): Dispatch {
  const bound = finder(boundHandlers(solver));
  return (call) => {
    const sendings = (callees[call.uid] ?? NONE).flatMap((token) =>
      token.kind === "external" ? (sendingOf(token.api) ?? []) : [],
    );
    const [sending] = sendings;
    const sent = call.fact.args[0];
    if (sending === undefined || sent === undefined) return { fns: [], answers: false };
    const keys = keysOf(opened(solver, solver.evaluate(call.file, sent, null)), sending.by);
    const fns = keys.flatMap((key) => bound(sending.bus, key));
    return { fns: [...new Set(fns)], answers: sending.answers };
  };
}

interface Bound {
  bus: string;
  key: string;
  fn: FnNode;
}

function finder(all: readonly Bound[]): (bus: string, key: string) => FnNode[] {
  const exact = new Map<string, FnNode[]>();
  for (const { bus, key, fn } of all) exact.set(`${bus} ${key}`, [...(exact.get(`${bus} ${key}`) ?? []), fn]);
  const patterns = all.filter(({ key }) => key.includes("*"));
  return (bus, key) => [
    ...(exact.get(`${bus} ${key}`) ?? []),
    ...patterns.filter((each) => each.bus === bus && matches(each.key, key)).map(({ fn }) => fn),
  ];
}

function boundHandlers(solver: Solver): Bound[] {
  return [...solver.program.files.values()].flatMap((file) =>
    file.classes.flatMap((node) => [
      ...decorationsOf(solver, file, node.fact.decorators).flatMap((each) => boundBy(solver, node, each, null)),
      ...node.fact.members.flatMap((member) =>
        decorationsOf(solver, file, member.decorators).flatMap((each) =>
          boundBy(solver, node, each, file.fns[member.fn] ?? null),
        ),
      ),
    ]),
  );
}

function boundBy(solver: Solver, node: ClassNode, decoration: Decoration, method: FnNode | null): Bound[] {
  const handling = decoration.api === null ? null : handlingOf(decoration.api);
  if (handling === null) return [];
  const fn = handling.method === null ? method : methodOf(node, handling.method);
  if (fn === null) return [];
  const tokens = decoration.site.call.fact.args.flatMap((_, index) =>
    opened(solver, argumentOf(solver, decoration, index)),
  );
  return keysOf(tokens, handling.by).map((key) => ({ bus: handling.bus, key, fn }));
}

function methodOf({ file, fact }: ClassNode, name: string): FnNode | null {
  const member = fact.members.find((each) => !each.static && each.name === name);
  return member === undefined ? null : (file.fns[member.fn] ?? null);
}

function opened(solver: Solver, tokens: Tokens): Tokens {
  return tokens.flatMap((token) => (token.kind === "array" ? solver.elements([token]) : [token]));
}

function keysOf(tokens: Tokens, by: Handling["by"]): string[] {
  return tokens.flatMap((token) => {
    if (by === "name") return token.kind === "literal" && typeof token.value === "string" ? [token.value] : [];
    return token.kind === "class" || token.kind === "instance" ? [String(token.class.uid)] : [];
  });
}

/** Listeners may be bound to patterns: `order.*` to one level, `order.**` to any. */
function matches(bound: string, sent: string): boolean {
  if (bound === "**") return true;
  const parts = sent.split(".");
  const wanted = bound.split(".");
  const deep = wanted.at(-1) === "**";
  if (deep ? parts.length < wanted.length - 1 : parts.length !== wanted.length) return false;
  return wanted.every((each, index) => each === "*" || each === "**" || each === parts[index]);
}
