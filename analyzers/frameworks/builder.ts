/** Builders: chains such as `procedure.use(auth).input(schema).mutation(fn)`, which keep what each step was given. */
import type { CallNode } from "../link/program.ts";
import type { External } from "../link/token.ts";
import type { Handler } from "../model.ts";
import type { LinkedApp } from "./framework.ts";
import { layersOf } from "./layers.ts";

/** One step of a chain: the method's name and the call. */
export interface Step {
  name: string;
  call: CallNode;
}

/** The steps by which something was made, the first one first. */
export function stepsOf({ calls }: External): Step[] {
  return calls.flatMap((call) => {
    const { callee } = call.fact;
    const name =
      callee.kind === "member"
        ? callee.property
        : callee.kind === "imported"
          ? callee.name
          : callee.kind === "name"
            ? callee.name
            : "";
    return [{ name, call }];
  });
}

/** The handlers that a step was given, in order; what is no function (a schema) is left out, and so are wrappers of packages. */
export function handlersOf(app: LinkedApp, { call }: Step): Handler[] {
  const { solver } = app.linked;
  return call.fact.args.flatMap((arg) => {
    const tokens = solver.evaluate(call.file, arg, null).filter(({ kind }) => kind === "fn" || kind === "external");
    if (tokens.length === 0) return [];
    const { wrappers, work } = layersOf(app, tokens, { file: call.file.path, line: call.fact.span.line });
    return [...wrappers.filter(({ fn }) => fn !== null), work];
  });
}
