/** Arguments of Python calls by name or position, as far as they are known. */
import { argumentsOf } from "../../link/keywords.ts";
import { textsOf } from "../../link/known.ts";
import type { CallNode } from "../../link/program.ts";
import { NONE, type Env, type Tokens } from "../../link/token.ts";
import type { Value } from "../../summary.ts";
import type { LinkedApp } from "../framework.ts";

/** The argument of this name, else the positional one at this place (-1: by name only). */
export function argument({ fact }: CallNode, name: string, position = -1): Value | undefined {
  const { positional, keywords } = argumentsOf(fact.args);
  return keywords?.entries.find(({ key }) => key === name)?.value ?? positional[position];
}

export function positionals({ fact }: CallNode): readonly Value[] {
  return argumentsOf(fact.args).positional;
}

export function tokensOf(app: LinkedApp, call: CallNode, value: Value | undefined, env: Env | null = null): Tokens {
  return value === undefined ? NONE : app.linked.solver.evaluate(call.file, value, env);
}

/** The texts an argument can be; null where there is no argument, `*` for what is not known. */
export function textArgument(
  app: LinkedApp,
  call: CallNode,
  value: Value | undefined,
  env: Env | null = null,
): string | null {
  if (value === undefined) return null;
  return textsOf(app.linked.solver, tokensOf(app, call, value, env))[0] ?? "*";
}

/** The items of an argument that is a list. */
export function listArgument(app: LinkedApp, call: CallNode, value: Value | undefined): Tokens[] {
  const { solver } = app.linked;
  return tokensOf(app, call, value).flatMap((token) =>
    token.kind === "array" ? token.value.items.map((item) => solver.evaluate(token.file, item, token.env)) : [],
  );
}
