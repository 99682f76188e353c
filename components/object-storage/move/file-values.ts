/** What becomes of the path that multer left in `file.path`: kept, or opened by somebody. */
import { openSource } from "../../../patches/editors/source.ts";
import { typescript, walk } from "../../../patches/editors/typescript.ts";
import type { ts } from "../../../patches/editors/typescript.ts";
import { lineAt } from "../../../patches/editors/typescript.ts";
import type { Model, Place, Service } from "../../../analyzers/model.ts";
import { serverFiles } from "../../../analyzers/serving/server-files.ts";

/** Calls that only read the text of a path, or hand it to the user, the log or the database. */
const harmless =
  /(^|\.)(log|info|warn|error|debug|json|send|push|replace|replaceAll|split|slice|substring|trim|startsWith|endsWith|includes|basename|extname|normalize|relative|join|concat|encodeURI|encodeURIComponent|String|stringify|Boolean|status)$/;

/** Places where a file's path is passed on to a call that may open it, apart from those (start offsets by file) that are known. */
export function openedPaths(model: Model, service: Service, known: ReadonlyMap<string, ReadonlySet<number>>): Place[] {
  return serverFiles(model, service).flatMap((file) => {
    const text = model.repo.read(file) ?? "";
    if (!/\bfiles?\b[\w$\])?!]*[\s\S]{0,20}?\.path\b/i.test(text)) return [];
    const source = openSource(model.repo, file);
    if (source === null) return [];
    const taken = known.get(file) ?? new Set<number>();
    return passedOn(source.tree)
      .filter((call) => !taken.has(call.getStart(source.tree)))
      .map((call) => ({ file, line: lineAt(source.text, call.getStart(source.tree)) }));
  });
}

/** Calls that are given the path itself, or a variable that holds it and nothing else. */
function passedOn(tree: ts.SourceFile): (ts.CallExpression | ts.NewExpression)[] {
  const ts = typescript();
  const held = new Set<string>();
  const found: (ts.CallExpression | ts.NewExpression)[] = [];
  for (const node of walk(tree)) {
    const isPath = isFilePath(node) || (ts.isIdentifier(node) && held.has(node.text) && isRead(node));
    if (!isPath) continue;
    const { parent } = outermost(node);
    if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && parent.name !== node)
      held.add(parent.name.text);
    if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== node) {
      if (!harmless.test(parent.expression.getText(tree).replace(/\s+/g, ""))) found.push(parent);
    }
  }
  return found;
}

/** `req.file.path`, `req.files.photo[0]?.path`, `file.path`. */
function isFilePath(node: ts.Node): boolean {
  const ts = typescript();
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== "path") return false;
  return /\bfiles?\b|[a-z]File\b|\b(image|photo|avatar|picture|img)\b/.test(node.expression.getText());
}

function isRead(node: ts.Identifier): boolean {
  const ts = typescript();
  return !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node);
}

/** Through `x!`, `(x)`, `x as string` and `x ?? null`. */
function outermost(node: ts.Node): ts.Node {
  const ts = typescript();
  const { parent } = node;
  const isWrapping =
    ts.isNonNullExpression(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isBinaryExpression(parent) ||
    ts.isConditionalExpression(parent);
  return isWrapping ? outermost(parent) : node;
}
