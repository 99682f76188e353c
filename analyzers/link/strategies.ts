/** Passport strategies: from the name that a route asks for to the function that checks the user. */
import { isDirect, strategyName } from "../libraries/passport.ts";
import { textsOf } from "./known.ts";
import type { CallNode, ClassNode, FnNode } from "./program.ts";
import type { Linked } from "./rounds.ts";
import { NONE, type External, type Token, type Tokens } from "./token.ts";

/** `direct`: the request itself is checked; else only the one with which the user comes back from elsewhere. */
interface Check {
  fn: FnNode;
  direct: boolean;
}

/** The checks of the strategies that an authenticating call names. */
export type Strategies = (call: CallNode) => readonly Check[];

const USE = "passport:use";
const PRESET = "@nestjs/passport:PassportModule.register";
const MIXIN = "@nestjs/passport:PassportStrategy()";

export function strategiesOf(linked: Linked): Strategies {
  const { solver } = linked;
  const byName = new Map<string, Check[]>();
  const note: Note = (name, kind, fn) => {
    const check = { fn, direct: kind === null || isDirect(kind) };
    if (name !== null) byName.set(name, [...(byName.get(name) ?? []), check]);
  };
  for (const call of solver.program.calls) {
    const isUse = (linked.callees[call.uid] ?? NONE).some((token) => token.kind === "external" && token.api === USE);
    if (isUse) usedAt(linked, call, note);
  }
  for (const file of solver.program.files.values()) {
    for (const node of file.classes) if (node.fact.extends !== null) nestStrategy(linked, node, note);
  }
  const preset = presetNames(linked);
  return (call) => {
    const [asked] = call.fact.args;
    const names = asked === undefined ? preset : textsOf(solver, solver.evaluate(call.file, asked, null));
    return names.flatMap((name) => byName.get(name) ?? []);
  };
}

/** `PassportModule.register({ defaultStrategy: "jwt" })`: what a guard without a name asks for. */
function presetNames({ solver, callees }: Linked): string[] {
  return solver.program.calls.flatMap(({ uid, file, fact: { args } }) => {
    const isPreset = (callees[uid] ?? NONE).some((token) => token.kind === "external" && token.api === PRESET);
    const [options] = isPreset ? args : [];
    if (options === undefined) return [];
    return solver
      .evaluate(file, options, null)
      .flatMap((token) => textsOf(solver, solver.member(token, "defaultStrategy")));
  });
}

/** `kind`: what the package calls its strategy. */
type Note = (name: string | null, kind: string | null, fn: FnNode) => void;

/** `passport.use("name", new Strategy(options, verify))`, the name left out where the package's own serves. */
function usedAt({ solver }: Linked, call: CallNode, note: Note): void {
  const args = call.fact.args.map((arg) => solver.evaluate(call.file, arg, null));
  const [named] = args.flatMap((tokens) => textsOf(solver, tokens));
  for (const token of args.flat()) {
    if (token.kind !== "external" || token.via === null) continue;
    const kind = strategyName(token.api);
    for (const fn of verifiers(solver, token)) note(named ?? kind, kind, fn);
  }
}

/** The functions among a strategy's arguments: it has one, which checks. */
function verifiers(solver: Linked["solver"], { via }: External): FnNode[] {
  if (via === null) return [];
  const given: Tokens = via.call.fact.args.flatMap((arg) => solver.evaluate(via.call.file, arg, via.env));
  return given.flatMap((token) => (token.kind === "fn" ? [token.fn] : []));
}

/** `class JwtStrategy extends PassportStrategy(Strategy, "jwt") { validate() {} }`. */
function nestStrategy({ solver }: Linked, { file, fact }: ClassNode, note: Note): void {
  if (fact.extends === null || fact.extends.kind !== "call") return;
  for (const parent of solver.evaluate(file, fact.extends, null)) {
    if (parent.kind !== "external" || parent.api !== MIXIN || parent.via === null) continue;
    const { call, env } = parent.via;
    const [strategy, named] = call.fact.args.map((arg) => solver.evaluate(call.file, arg, env));
    const [text] = textsOf(solver, named ?? NONE);
    const member = fact.members.find((each) => each.name === "validate" && !each.static);
    const fn = member === undefined ? undefined : file.fns[member.fn];
    const kind = nameOf(strategy ?? NONE);
    if (fn !== undefined) note(text ?? kind, kind, fn);
  }
}

function nameOf(tokens: Tokens): string | null {
  const external = tokens.find((token: Token) => token.kind === "external");
  return external?.kind === "external" ? strategyName(external.api) : null;
}
