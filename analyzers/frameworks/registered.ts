/** Jobs, schedules, sockets, listeners and start-up callbacks: functions that a package keeps and runs later. */
import { registersEntry, registrarOf, type Registrar } from "../libraries/registrars.ts";
import { textsOf } from "../link/known.ts";
import { idOf, type CallNode, type FnNode } from "../link/program.ts";
import { unwrapped } from "../link/edges.ts";
import type { Linked } from "../link/rounds.ts";
import { NONE, type ObjectToken } from "../link/token.ts";
import type { Context, Entry } from "../model.ts";
import type { Framework, LinkedApp } from "./framework.ts";

export const registered: Framework = {
  name: "registered",
  find: (app) => ({ routes: [], entries: app.linked.solver.program.calls.flatMap((call) => entriesOf(app, call)) }),
};

/** Code that runs nowhere on a server starts nothing there. */
const ELSEWHERE: ReadonlySet<Context> = new Set(["browser", "test", "build"]);

function entriesOf(app: LinkedApp, call: CallNode): Entry[] {
  const tokens = app.linked.callees[call.uid] ?? NONE;
  const registrar = tokens.flatMap((token) => (token.kind === "external" ? (registrarOf(token.api) ?? []) : []))[0];
  if (registrar === undefined || ELSEWHERE.has(app.contextOf(call.file.path))) return [];
  if (registrar.atStart === true && !runsAtStart(app.linked, call.fn, new Set())) return [];
  const label = labelOf(app, call, registrar);
  return call.fact.args
    .flatMap((_, position) => functionsAt(app, call, position))
    .map((fn) => ({
      kind: registrar.kind,
      fn: idOf(fn),
      file: call.file.path,
      line: call.fact.span.line,
      label,
      routeId: null,
    }));
}

/** True when the function runs without anything from outside: from a module's body, not from a route or a job. */
function runsAtStart(linked: Linked, fn: FnNode, seen: Set<FnNode>): boolean {
  if (fn.fact.kind === "module") return true;
  if (seen.has(fn)) return false;
  seen.add(fn);
  if (linked.solver.callers(fn).some(({ call }) => runsAtStart(linked, call.fn, seen))) return true;
  const handed = linked.solver.handedTo.get(fn)?.call;
  if (handed === undefined) return false;
  const tokens = linked.callees[handed.uid] ?? NONE;
  const isEntry = tokens.some((token) => token.kind === "external" && registersEntry(token.api) && !isStart(token.api));
  return !isEntry && runsAtStart(linked, handed.fn, seen);
}

/** `listen(port, callback)` and `serve(options, callback)` belong to the start. */
function isStart(api: string): boolean {
  return /\.listen$|:serve$/.test(api);
}

/** `cron 0 3 * * *`, `job send-receipt`, `event user.created`, `every 60000 ms`. */
function labelOf({ linked: { solver } }: LinkedApp, call: CallNode, { label, name }: Registrar): string {
  const arg = name === null ? undefined : call.fact.args[name];
  if (arg === undefined) return label;
  const tokens = solver.evaluate(call.file, arg, null);
  const number = tokens.find((token) => token.kind === "literal" && typeof token.value === "number");
  if (number?.kind === "literal") return `${label} ${number.value} ms`;
  // A helper that registers several under names it is given has one call for all of them.
  const names = new Set(tokens.flatMap((token) => (token.kind === "literal" ? [token.value] : [])));
  const [text] = textsOf(solver, tokens);
  return text === undefined || names.size > 1 ? label : `${label} ${text}`;
}

/** The app's functions that an argument is, or holds as an option (`{ onTick: fn }`). */
function functionsAt({ linked }: LinkedApp, call: CallNode, position: number): FnNode[] {
  const arg = call.fact.args[position];
  if (arg === undefined) return [];
  const tokens = linked.solver.evaluate(call.file, arg, null);
  return tokens.flatMap((token) => {
    if (token.kind === "fn") return [token.fn, ...unwrapped(linked, token).map((each) => each.token.fn)];
    return token.kind === "object" ? functionsOf(linked, token, 0) : [];
  });
}

/** Options in groups (`{ emailAndPassword: { sendResetPassword } }`) are opened this deep. */
const MAX_GROUPS = 3;

function functionsOf({ solver }: Pick<Linked, "solver">, { file, value, env }: ObjectToken, depth: number): FnNode[] {
  return value.entries
    .flatMap((entry) => solver.evaluate(file, entry.value, env))
    .flatMap((each) => {
      if (each.kind === "fn") return [each.fn];
      return each.kind === "object" && depth < MAX_GROUPS ? functionsOf({ solver }, each, depth + 1) : [];
    });
}
