/** What a module makes once and keeps: pools, clients, loggers, and the name under which other modules can import them. */
import type { CallSite, Model, Place } from "../model.ts";
import type { Summary, Value } from "../summary.ts";

export interface Instance extends Place {
  /** Api of the call that made it: `pg:Pool`. */
  api: string;
  construction: CallSite;
  /** Name of the variable in its module. */
  local: string | null;
  /** Exported name, `default`, or `*` when it is all that a CommonJS module exports; null when nobody else can import it. */
  exported: string | null;
}

/** The values that calls of these apis (patterns of `Model.usesOf`) make at the top of a module in server code, in source order. */
export function instancesOf(model: Model, patterns: readonly string[]): Instance[] {
  return patterns
    .flatMap((pattern) => model.usesOf(pattern))
    .filter(({ call }) => model.context(call.file) === "server" && model.fn(call.fn)?.isModule === true)
    .flatMap(({ api, call }) => {
      const summary = model.summary(call.file);
      if (summary === null) return [];
      const made = (value: Value): boolean => comesFrom(value, summary, call);
      const local = variableHolding(summary, made);
      const exported = exportedName(summary, (value) => made(value) || (value.kind === "name" && value.name === local));
      return [{ api, file: call.file, line: call.line, construction: call, local, exported }];
    });
}

/** The module's variable that is set to a value; CommonJS exports stand among the bindings as `module.exports` and are none. */
function variableHolding(summary: Summary, isIt: (value: Value) => boolean): string | null {
  const bindings = Object.entries(summary.functions[0]?.bindings ?? {});
  return bindings.find(([name, values]) => /^[\w$]+$/.test(name) && values.some(isIt))?.[0] ?? null;
}

/** `new Pool()` itself, `global.pool ?? new Pool()`, `createClient().on("error", log)`. */
function comesFrom(value: Value, summary: Summary, call: CallSite): boolean {
  if (value.kind === "either") return value.of.some((each) => comesFrom(each, summary, call));
  if (value.kind !== "call") return false;
  const found = summary.calls[value.call];
  if (found === undefined) return false;
  if (found.span.start === call.span.start && found.span.end === call.span.end) return true;
  return found.callee.kind === "member" && comesFrom(found.callee.object, summary, call);
}

/** The name under which a module exports a value: ES exports, `exports.x = ...`, `module.exports = x` and `module.exports = { x }`. */
function exportedName(summary: Summary, isIt: (value: Value) => boolean): string | null {
  for (const [name, value] of Object.entries(summary.exports)) {
    if (isIt(value)) return name === "module.exports" ? "*" : name;
    const entry = value.kind === "object" ? value.entries.find((each) => isIt(each.value)) : undefined;
    if (name === "module.exports" && entry !== undefined) return entry.key;
  }
  return null;
}
