/** One Python file's text to its summary: parse, note what each body declares, walk once. */
import { emptySummary } from "../empty.ts";
import type { Summary, Value } from "../../summary.ts";
import { denseLine } from "../density.ts";
import { Source } from "../source.ts";
import { declaredIn } from "./declared.ts";
import { readStatements } from "./statements.ts";
import { isTooDeep, parse, type Node } from "./tree.ts";
import { read } from "./values.ts";
import type { Walk } from "./walk.ts";

const tooDeep = "nested too deeply to be read";

/** The facts of one Python file. Pure; never throws: what could not be read is said in `problem`. */
export function extractPython(text: string): Summary {
  if (isTooDeep(text)) return { ...emptySummary("python"), problem: tooDeep };
  const dense = denseLine(text);
  if (dense !== null) {
    return { ...emptySummary("python"), problem: `a line of ${dense} characters: generated code is not read` };
  }
  try {
    return extractWith(text);
  } catch (cause) {
    const problem = cause instanceof RangeError ? tooDeep : `could not be read: ${String(cause)}`;
    return { ...emptySummary("python"), problem };
  }
}

function extractWith(text: string): Summary {
  const { root, problem } = parse(text);
  const walk = startWalk(text, root);
  readStatements(walk, root.children);
  exportAll(walk);
  if (text.startsWith("#!")) walk.summary.directives.push("shebang");
  walk.summary.problem = problem;
  return walk.summary;
}

function startWalk(text: string, root: Node): Walk {
  const source = new Source(text);
  const summary = emptySummary("python");
  summary.functions.push({
    parent: null,
    name: null,
    kind: "module",
    async: false,
    generator: false,
    class: null,
    params: [],
    bindings: Object.create(null),
    returns: [],
    directives: [],
    span: source.span({ start: 0, end: text.length }),
  });
  const walk: Walk = {
    source,
    summary,
    dotted: new Set(),
    stars: [],
    scope: {
      kind: "module",
      fn: 0,
      class: null,
      parent: null,
      declared: declaredIn(root.children, text),
      params: new Map(),
      self: null,
      loop: false,
      guarded: false,
      statement: root,
      depth: 0,
    },
    expression: (node, use) => read(walk, node, use),
    statements: (nodes) => readStatements(walk, nodes),
  };
  return walk;
}

/** Every name of a module can be imported from it. */
function exportAll({ scope, summary }: Walk): void {
  for (const [name, { times, imported }] of scope.declared) {
    const value: Value = imported !== null && times === 1 ? imported : { kind: "name", name, fn: 0 };
    summary.exports[name] = value;
  }
}
