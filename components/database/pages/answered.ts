/** Whether a list is only sent as it is: what is counted, summed or searched in it would come out otherwise from a part of it. */
import type { Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { isReference } from "../transactions/kept.ts";
import { functionAround } from "../transactions/stretch.ts";

export function isOnlyAnswered(name: ts.Identifier, source: Source): boolean {
  const fn = functionAround(name);
  const uses = [...walk(fn ?? source.tree)].filter(
    (node): node is ts.Identifier => isReference(node) && node.text === name.text && node !== name,
  );
  return uses.some((use) => isSent(use)) && uses.every((use) => isSent(use) || isAskedFor(use));
}

/** `res.json(users)`, `res.json({ users })`, `res.json(users.map(shown))` */
function isSent(use: ts.Node): boolean {
  const ts = typescript();
  let at: ts.Node = use;
  const access = at.parent;
  if (ts.isPropertyAccessExpression(access) && access.expression === at) {
    if (access.name.text !== "map" || !ts.isCallExpression(access.parent)) return false;
    at = access.parent;
  }
  for (; ; at = at.parent) {
    const { parent } = at;
    if (ts.isCallExpression(parent)) return sends(parent.expression);
    const isPart =
      ts.isPropertyAssignment(parent) ||
      ts.isShorthandPropertyAssignment(parent) ||
      ts.isObjectLiteralExpression(parent);
    if (!isPart) return false;
  }
}

function sends(callee: ts.Expression): boolean {
  return typescript().isPropertyAccessExpression(callee) && /^(json|send|render)$/.test(callee.name.text);
}

/** `if (!users)`, `if (users.length === 0)`: the first page tells as well. */
function isAskedFor(use: ts.Node): boolean {
  const ts = typescript();
  let at: ts.Node = use;
  for (; !ts.isIfStatement(at.parent); at = at.parent)
    if (!ts.isExpression(at.parent) || ts.isFunctionLike(at.parent)) return false;
  if (at.parent.expression !== at) return false;
  const asked = at.getText().replace(/\s+/g, "");
  return /^(!\w+|!\w+\??\.length|\w+\??\.length(===?|<|>)[01]|!\w+\|\|!?\w+\??\.length(===?0)?)$/.test(asked);
}
