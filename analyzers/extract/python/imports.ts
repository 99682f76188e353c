/** Imports, in Python's own spelling of modules: `a.b`, `.sibling`, `..package.module`. */
import type { ImportFact } from "../../summary.ts";
import { isToken, parts, type Node } from "./tree.ts";
import type { Imported, Walk } from "./walk.ts";

/** What one module is asked for. `isStar`: `from m import *`. `isDotted`: `import a.b` without a name of its own. */
export interface Import {
  specifier: string;
  names: { imported: string; local: string; value: Imported | null }[];
  isStar: boolean;
  isDotted: boolean;
}

/** What an import statement brings, one entry per module. */
export function importsIn({ children }: Node, text: string): Import[] {
  const at = children.findIndex((each) => each.name === "import");
  if (at < 0) return [];
  return children[0]?.name === "from" ? fromModule(children, at, text) : wholeModules(children.slice(at + 1), text);
}

function fromModule(children: readonly Node[], at: number, text: string): Import[] {
  const specifier = dottedText(children.slice(1, at), text);
  const given = children.slice(at + 1);
  if (specifier === "") return [];
  if (given.some((each) => each.name === "*")) return [{ specifier, names: [], isStar: true, isDotted: false }];
  const names = parts(given, ",").flatMap(([first, last = first]) => {
    if (first === undefined || last === undefined) return [];
    const imported = text.slice(first.from, first.to);
    return [
      {
        imported,
        local: text.slice(last.from, last.to),
        value: { kind: "imported" as const, specifier, name: imported },
      },
    ];
  });
  return [{ specifier, names, isStar: false, isDotted: false }];
}

function wholeModules(given: readonly Node[], text: string): Import[] {
  return split(given).flatMap((nodes): Import[] => {
    const as = nodes.findIndex((each) => each.name === "as");
    const specifier = dottedText(as < 0 ? nodes : nodes.slice(0, as), text);
    if (specifier === "") return [];
    const alias = as < 0 ? undefined : nodes[as + 1];
    const [first = ""] = specifier.split(".");
    const isDotted = alias === undefined && specifier !== first;
    const local = alias === undefined ? first : text.slice(alias.from, alias.to);
    const value: Imported = { kind: "imported", specifier: alias === undefined ? first : specifier, name: "*" };
    return [{ specifier, names: [{ imported: "*", local, value }], isStar: false, isDotted }];
  });
}

function split(nodes: readonly Node[]): Node[][] {
  const found: Node[][] = [[]];
  for (const node of nodes) {
    if (node.name === ",") found.push([]);
    else found.at(-1)?.push(node);
  }
  return found;
}

/** `..a.b` as it is written, without blanks; `...` may be one token. */
function dottedText(nodes: readonly Node[], text: string): string {
  return nodes
    .filter((each) => !isToken(each) || /^\.+$/.test(text.slice(each.from, each.to)))
    .map(({ from, to }) => text.slice(from, to))
    .join("");
}

/** Notes the imports of a statement; `from a import b` may mean the module `a.b`, so that is one more to load. */
export function readImport({ summary, source, dotted, stars }: Walk, node: Node): Import[] {
  const span = source.span({ start: node.from, end: node.to });
  const found = importsIn(node, source.text);
  for (const { specifier, names, isStar, isDotted } of found) {
    const fact = (module: string, given: ImportFact["names"]): ImportFact => ({
      specifier: module,
      names: given,
      typeOnly: false,
      form: "import",
      span,
    });
    summary.imports.push(
      fact(
        specifier,
        names.map(({ imported, local }) => ({ imported, local })),
      ),
    );
    for (const { imported } of names) if (imported !== "*") summary.imports.push(fact(below(specifier, imported), []));
    if (isDotted) dotted.add(specifier);
    if (isStar) {
      stars.push(specifier);
      summary.reexports.push({ specifier, name: "*", as: "*" });
    }
  }
  return found;
}

/** The module that a name of a module may be: `a.b`, `.b`. */
function below(specifier: string, name: string): string {
  return specifier.endsWith(".") ? specifier + name : `${specifier}.${name}`;
}
