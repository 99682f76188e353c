/** Every change of state that outlives the call which makes it, gathered by the state that it changes. */
import { createModules, type Modules } from "../link/modules.ts";
import type { Fn, Model, Place } from "../model.ts";
import type { Span, Summary, Value, Write } from "../summary.ts";

/**
 * `put`: under a key. `add`: one more item. `drop`: an item less. `count`: a number is raised or lowered. `replace`: a new
 * value as a whole. `inside`: something within an item.
 */
export type How = "put" | "add" | "drop" | "count" | "replace" | "inside";

export interface Change extends Place {
  how: How;
  fn: Fn;
  span: Span;
  /** What is assigned, where it is known. */
  value: Value | null;
  /** The property that is written, or in which: `*` for a computed one, null for methods and for the whole. */
  property: string | null;
  /** The method that changes it as a whole (`push`, `set`); null for assignments and for what lies inside. */
  method: string | null;
}

const methods: Readonly<Record<string, How>> = {
  set: "put",
  push: "add",
  unshift: "add",
  add: "add",
  fill: "replace",
  pop: "drop",
  shift: "drop",
  splice: "drop",
  delete: "drop",
  clear: "drop",
};

/** Keys are file, owner (number of the function, or `class` and its number) and name, each on a line of its own. */
export function changesOf(model: Model): Map<string, Change[]> {
  const found = new Map<string, Change[]>();
  const modules = createModules(model.repo);
  for (const file of model.repo.files) {
    const summary = model.summary(file);
    if (summary === null || summary.writes.length === 0 || !["server", "worker"].includes(model.context(file)))
      continue;
    for (const write of summary.writes) {
      const target = targetOf(summary, file, write, modules);
      const fn = model.fn(`${file}#${write.fn}`);
      if (target === null || fn === null || fn.isModule) continue;
      if (target.depth > 0 && write.how === "method" && callsOwn(model, file, write)) continue;
      const change = {
        file,
        line: write.span.line,
        how: howOf(write, target.depth),
        fn,
        span: write.span,
        value: write.value ?? null,
        property: target.property,
        method: target.depth === 0 ? write.method : null,
      };
      const group = found.get(target.key);
      if (group === undefined) found.set(target.key, [change]);
      else group.push(change);
    }
  }
  return found;
}

/** `handlers.orders.delete(req, res)`: a function of the app's own that is kept under the name of a collection's method. */
function callsOwn(model: Model, file: string, { span, method }: Write): boolean {
  const at = (model.summary(file)?.calls ?? []).findIndex(
    (call) => call.span.start === span.start && call.span.end === span.end,
  );
  const site = at < 0 ? null : model.call(`${file}#${at}`);
  const targets = site === null ? [] : model.targets(site);
  return targets.some(({ name, class: owner }) => owner === null && name !== method);
}

interface Target {
  key: string;
  /** How many members lie between the state and what is written: 0 for the state itself. */
  depth: number;
  property: string | null;
}

function targetOf(summary: Summary, file: string, { fn, target }: Write, modules: Modules): Target | null {
  let root: Value = target;
  const path: string[] = [];
  for (; root.kind === "member"; root = root.object) path.unshift(root.property);
  switch (root.kind) {
    case "name":
      return root.fn === fn
        ? null
        : { key: `${file}\n${root.fn}\n${root.name}`, depth: path.length, property: path[0] ?? null };
    case "imported": {
      const [first] = path;
      const name = root.name === "*" || root.name === "default" ? first : root.name;
      const resolved = modules.resolve(file, root.specifier);
      if (resolved.kind !== "file" || name === undefined) return null;
      const isWhole = root.name === "*" || root.name === "default";
      const inside = isWhole ? path.slice(1) : path;
      return { key: `${resolved.file}\n0\n${name}`, depth: inside.length, property: inside[0] ?? null };
    }
    case "this": {
      const owner = summary.functions[root.fn]?.class ?? null;
      const [field] = path;
      return owner === null || field === undefined
        ? null
        : { key: `${file}\nclass ${owner}\n${field}`, depth: path.length - 1, property: path[1] ?? null };
    }
    default:
      return null;
  }
}

function howOf({ how, method }: Write, depth: number): How {
  if (how === "delete") return depth <= 1 ? "drop" : "inside";
  if (how === "update") return depth > 1 ? "inside" : "count";
  if (how === "method") return depth > 0 ? "inside" : (methods[method ?? ""] ?? "replace");
  return depth === 0 ? "replace" : depth === 1 ? "put" : "inside";
}
