/** Entries of Nest besides routes: decorated methods, handlers of decorated classes, and what runs when the app starts. */
import { isManaged } from "../../libraries/containers.ts";
import { entriesOfClass, entryOfMethod, startHooks, type DecoratedEntry } from "../../libraries/decorated.ts";
import { argumentOf, type Decoration } from "../../link/decorations.ts";
import { textsOf } from "../../link/known.ts";
import { constructorOf, idOf, type ClassNode, type FnNode } from "../../link/program.ts";
import type { Solver } from "../../link/solver.ts";
import type { Tokens } from "../../link/token.ts";
import type { Context, Entry } from "../../model.ts";
import type { LinkedApp } from "../framework.ts";
import { classDecorations, methodNamed, methodsOf } from "./classes.ts";

const RUNNING: ReadonlySet<Context> = new Set(["server", "worker"]);

export function nestEntries(app: LinkedApp): Entry[] {
  return [...app.linked.solver.program.files.values()]
    .filter((file) => file.classes.length > 0 && RUNNING.has(app.contextOf(file.path)))
    .flatMap((file) => file.classes.flatMap((node) => entriesOfNode(app.linked.solver, node)));
}

function entriesOfNode(solver: Solver, node: ClassNode): Entry[] {
  if (node.fact.decorators.length === 0 && !node.fact.members.some((each) => each.decorators.length > 0)) return [];
  const ofClass = classDecorations(solver, node);
  return [
    ...ofClass.flatMap((decoration) => entriesByClass(solver, node, decoration)),
    ...methodsOf(solver, node).flatMap(({ fn, decorations }) =>
      decorations.flatMap((decoration) => {
        const found = decoration.api === null ? null : entryOfMethod(decoration.api);
        return found === null ? [] : [entryAt(found, labelOf(solver, found, decoration), fn, decoration)];
      }),
    ),
    ...(ofClass.some(({ api }) => api !== null && isManaged(api)) ? startOf(solver, node) : []),
  ];
}

function entriesByClass(solver: Solver, node: ClassNode, decoration: Decoration): Entry[] {
  const found = decoration.api === null ? null : entriesOfClass(decoration.api);
  if (found === null) return [];
  return found.methods.flatMap((name) => {
    const fn = methodNamed(solver, node, name);
    if (fn === null) return [];
    const label = found.name === null ? `${found.label} ${name}` : labelOf(solver, found, decoration);
    return [entryAt(found, label, fn, null)];
  });
}

function entryAt({ kind }: DecoratedEntry, label: string, fn: FnNode, decoration: Decoration | null): Entry {
  const at = decoration?.written ?? fn;
  return { kind, fn: idOf(fn), file: at.file.path, line: at.fact.span.line, label, routeId: null };
}

/** The container constructs the class and calls its hooks before the app listens. */
function startOf(solver: Solver, node: ClassNode): Entry[] {
  const name = node.fact.name ?? "class";
  const constructor = constructorOf(node);
  const hooks = startHooks.flatMap((hook) => methodNamed(solver, node, hook) ?? []);
  return [...(constructor === null ? [] : [constructor]), ...hooks].map((fn) => ({
    kind: "process",
    fn: idOf(fn),
    file: fn.file.path,
    line: fn.fact.span.line,
    label: `start of ${name}`,
    routeId: null,
  }));
}

/** `cron 0 3 * * *`, `job receipt`, `socket message`, `every 60000 ms` (also where a name stands before the time). */
function labelOf(solver: Solver, { label, name, kind }: DecoratedEntry, decoration: Decoration): string {
  if (name === null) return label;
  const [first, second] = [name, name + 1].map((at) => nameIn(solver, argumentOf(solver, decoration, at)));
  const text = kind === "schedule" && second?.endsWith(" ms") === true ? second : first;
  return text == null ? label : `${label} ${text}`;
}

function nameIn(solver: Solver, tokens: Tokens): string | null {
  const number = tokens.find((token) => token.kind === "literal" && typeof token.value === "number");
  if (number?.kind === "literal") return `${number.value} ms`;
  const named = tokens.flatMap((token) =>
    token.kind === "object" ? ["name", "cmd", "routingKey"].flatMap((key) => solver.member(token, key)) : [token],
  );
  const expression = named.find((token) => token.kind === "external" && token.api.includes("CronExpression."));
  if (expression?.kind === "external") return expression.api.replace(/^.*CronExpression\./, "");
  return textsOf(solver, named)[0] ?? null;
}
