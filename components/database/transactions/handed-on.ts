/** Whether a function's name is handed to other code as a value: who calls it then is not known. */
import type { Model } from "../../../analyzers/model.ts";
import { escaped } from "../../../analyzers/code/text.ts";
import { isScript, openSource } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";

export function isHandedOn(name: string, declaring: string, model: Model): boolean {
  const mention = new RegExp(`[(,[=:?]\\s*([\\w$]+\\.)*${escaped(name)}\\s*([,)\\];:]|\\.bind\\()`);
  return model.repo.files.some((file) => {
    if (!isScript(file) || model.service(file) !== model.service(declaring)) return false;
    if (!mention.test(model.repo.read(file) ?? "")) return false;
    const source = openSource(model.repo, file);
    return source === null || [...walk(source.tree)].some((node) => isValue(node, name));
  });
}

function isValue(node: ts.Node, name: string): boolean {
  const ts = typescript();
  if (!ts.isIdentifier(node) || node.text !== name) return false;
  let at: ts.Node = node;
  if (ts.isPropertyAccessExpression(at.parent) && at.parent.name === at) at = at.parent;
  const { parent } = at;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent))
    return parent.expression !== at && (parent.arguments ?? []).some((argument) => argument === at);
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text === "bind" && parent.expression === at;
  return ts.isArrayLiteralExpression(parent) || ts.isConditionalExpression(parent);
}
