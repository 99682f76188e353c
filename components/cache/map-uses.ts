/** Every place where a file uses a Map that it keeps: how it is made, and what is asked of it. */
import type { Cell } from "../../analyzers/state/cells.ts";
import type { Range, Source } from "../../patches/editors/source.ts";
import { exported } from "../../patches/editors/style.ts";
import { typescript, walk, type ts } from "../../patches/editors/typescript.ts";

export interface KeptMap {
  /** `new Map<string, Rate>()`. */
  made: Range;
  /** `: Map<string, Rate>` behind the name; null where there is none. */
  annotation: Range | null;
  /** `string, Rate`, as written at the annotation or the construction; null where neither says. */
  types: string | null;
  /** Where entries are put: the range of each call, and how many arguments it has. */
  puts: (Range & { count: number })[];
}

/** What an LRU cache does as a Map does; the order of what it holds is another. */
const same = new Set(["get", "set", "has", "delete", "clear", "size"]);

export function keptMap(source: Source, cell: Cell): KeptMap | { cannot: string } {
  const names = [...walk(source.tree)].filter((node): node is ts.Identifier | ts.PrivateIdentifier =>
    isNamed(node, cell.name, cell.className !== null),
  );
  const declarations = names.flatMap((node) => declarationOf(node) ?? []);
  const [declaration, ...more] = declarations;
  if (declaration === undefined || more.length > 0)
    return { cannot: "where it is made could not be found for certain" };
  if (declaration.isSeen) return { cannot: "other modules can reach it, and may go through it in order" };
  const puts: KeptMap["puts"] = [];
  for (const node of names) {
    if (node === declaration.name) continue;
    const asked = askedOf(node, cell.className !== null);
    if (asked === null) return { cannot: `it is used as a whole in line ${lineOf(source, node)}, not entry by entry` };
    if (!same.has(asked.member))
      return { cannot: `line ${lineOf(source, node)} goes through its entries (\`${asked.member}\`)` };
    if (asked.member === "set" && asked.call !== null)
      puts.push({ ...rangeOf(source, asked.call), count: asked.call.arguments.length });
  }
  const { made, type } = declaration;
  const types = (type === undefined ? made.typeArguments : typeArgumentsOf(type)) ?? undefined;
  const [first] = types ?? [];
  const last = types?.at(-1);
  return {
    made: rangeOf(source, made),
    annotation: type === undefined ? null : { start: declaration.name.end, end: type.end },
    types: first === undefined || last === undefined ? null : source.text.slice(first.getStart(source.tree), last.end),
    puts,
  };
}

type Name = ts.Identifier | ts.PrivateIdentifier;

function isNamed(node: ts.Node, name: string, isField: boolean): node is Name {
  const ts = typescript();
  if (ts.isPrivateIdentifier(node)) return isField && node.text === `#${name.replace(/^#/, "")}`;
  if (!ts.isIdentifier(node) || node.text !== name) return false;
  const { parent } = node;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
  const isKey = (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) && parent.name === node;
  return isField
    ? isMember || ts.isPropertyDeclaration(parent)
    : !isMember && !isKey && !ts.isPropertyDeclaration(parent);
}

interface Declaration {
  name: Name;
  made: ts.NewExpression;
  type: ts.TypeNode | undefined;
  isSeen: boolean;
}

function declarationOf(node: Name): Declaration | null {
  const ts = typescript();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) && parent.name === node) {
    const statement = parent.parent.parent;
    return isMap(parent.initializer)
      ? {
          name: node,
          made: parent.initializer,
          type: parent.type,
          isSeen: ts.isVariableStatement(statement) && exported(statement),
        }
      : null;
  }
  if (!ts.isPropertyDeclaration(parent) || parent.name !== node || !isMap(parent.initializer)) return null;
  const isPrivate =
    ts.isPrivateIdentifier(node) ||
    parent.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) === true;
  return { name: node, made: parent.initializer, type: parent.type, isSeen: !isPrivate };
}

/** `new Map()` without entries to begin with. */
function isMap(node: ts.Expression | undefined): node is ts.NewExpression {
  const ts = typescript();
  return (
    node !== undefined &&
    ts.isNewExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === "Map" &&
    (node.arguments ?? []).length === 0
  );
}

function typeArgumentsOf(type: ts.TypeNode): ts.NodeArray<ts.TypeNode> | undefined {
  const ts = typescript();
  return ts.isTypeReferenceNode(type) && type.typeName.getText() === "Map" ? type.typeArguments : undefined;
}

/** `kept.get(key)`, `this.kept.size`: the member, and the call that it is. */
function askedOf(node: Name, isField: boolean): { member: string; call: ts.CallExpression | null } | null {
  const ts = typescript();
  const object = isField ? node.parent : node;
  if (isField && !(ts.isPropertyAccessExpression(object) && object.expression.kind === ts.SyntaxKind.ThisKeyword))
    return null;
  const access = object.parent;
  if (!ts.isPropertyAccessExpression(access) || access.expression !== object) return null;
  const call = ts.isCallExpression(access.parent) && access.parent.expression === access ? access.parent : null;
  return access.name.text === "size" || call !== null ? { member: access.name.text, call } : null;
}

function rangeOf(source: Source, node: ts.Node): Range {
  return { start: node.getStart(source.tree), end: node.end };
}

function lineOf(source: Source, node: ts.Node): number {
  return source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1;
}
