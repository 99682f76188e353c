/** What of a request the answer depends on: the variables that the key has to hold. */
import type { Source } from "../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../patches/editors/typescript.ts";
import { declaredBy, mentions, namesIn } from "./handler-body.ts";

/** `head` runs before the cache, `made` within it; `request` is the name of the request. */
export function keyNames(
  source: Source,
  head: readonly ts.Statement[],
  made: readonly ts.Node[],
  request: string,
): { names: string[] } | { cannot: string } {
  const asked = new Set(request === "" ? [] : [request]);
  if (made.some((statement) => mentions(statement, asked)))
    return { cannot: "it reads the request in between: take what it needs out of it first" };
  const tainted = taintedBy(head, request);
  const used = new Set(made.flatMap((statement) => namesIn(statement).map(({ text }) => text)));
  const names = [...tainted].filter((name) => used.has(name));
  const sources = head.filter((statement) => mentions(statement, new Set([...names, ...asked])));
  if (names.length > 0 && sources.some((statement) => !isPlain(statement)))
    return { cannot: "what it takes out of the request cannot be written into a key" };
  const parts = sources.flatMap((statement) =>
    [...statement.getText(source.tree).matchAll(new RegExp(`\\b${request || "req"}\\.(\\w+)`, "g"))].map(
      ([, part]) => part,
    ),
  );
  if (names.length > 0 && parts.some((part) => part !== "query"))
    return { cannot: "it depends on more of the request than the address" };
  return { names };
}

/** The names of the head that the request has a part in, through others as well. */
function taintedBy(head: readonly ts.Statement[], request: string): Set<string> {
  const tainted = new Set<string>(request === "" ? [] : [request]);
  const declared = head.map((statement) => ({ statement, names: declaredBy(statement) }));
  const all = new Set(declared.flatMap(({ names }) => names));
  for (let size = 0; size !== tainted.size;) {
    size = tainted.size;
    for (const { statement, names } of declared) {
      if (!mentions(statement, tainted)) continue;
      const touched =
        names.length > 0
          ? names
          : namesIn(statement)
              .map(({ text }) => text)
              .filter((name) => all.has(name));
      for (const name of touched) tainted.add(name);
    }
  }
  tainted.delete(request);
  return tainted;
}

/** Calls that make a number, a string or a list of what they are given. */
const plainly =
  /^(Number|String|Boolean|parseInt|parseFloat|Math\.\w+|JSON\.\w+|Array\.isArray)$|\.(trim|toLowerCase|toUpperCase|toString|split|slice|includes)$/;

/** Numbers, strings, lists and objects of them: what JSON tells apart. */
function isPlain(statement: ts.Statement): boolean {
  const ts = typescript();
  return [...walk(statement)].every(
    (node) =>
      !ts.isFunctionLike(node) &&
      !(ts.isCallExpression(node) && !plainly.test(node.expression.getText())) &&
      !ts.isRegularExpressionLiteral(node) &&
      !ts.isNewExpression(node) &&
      !ts.isAwaitExpression(node),
  );
}
