/** Rewrites calls that keep files, take them away, or look whether they are there, so that they do it in the bucket. */
import type { Model } from "../../../analyzers/model.ts";
import { callNodeAt } from "../../../patches/editors/calls.ts";
import { insert, openSource, replace, type Range, type Source } from "../../../patches/editors/source.ts";
import { typescript } from "../../../patches/editors/typescript.ts";
import type { ts } from "../../../patches/editors/typescript.ts";
import type { Change } from "./change.ts";
import type { FileCall } from "./file-calls.ts";
import { fromStream } from "./streamed.ts";

interface Place {
  source: Source;
  node: ts.CallExpression | ts.NewExpression;
  callee: Range;
  args: readonly ts.Expression[];
}

/** Null where the arguments say more than the store knows, or the rest of the function would not wait. */
export function rewriteOf(model: Model, file: FileCall): Change | null {
  const source = openSource(model.repo, file.call.file);
  const node = source === null ? null : callNodeAt(source, file.call.span);
  if (source === null || node === null) return null;
  const callee = { start: node.expression.getStart(source.tree), end: node.expression.end };
  const place = { source, node, callee, args: node.arguments ?? [] };
  switch (file.method) {
    case "toFile":
      return fromPicture(place);
    case "mv":
      return fromUpload(place);
    case "createWriteStream":
      return fromStream(source, file.call.span);
    case "mkdir":
    case "mkdirSync":
      return madeFolder(place, file.answers);
    case "readFile":
    case "readFileSync":
      return file.answers === "by-callback" ? null : awaited(place, "readStored", 1, file.answers);
    case "existsSync":
      return awaited(place, "hasFile", 1);
    case "writeFile":
    case "writeFileSync":
    case "outputFile":
      return file.answers === "by-callback" ? null : awaited(place, "putFile", 2, file.answers);
    default:
      return file.answers === "by-callback"
        ? renamed(place, "unlinkFile", 2)
        : awaited(place, "removeFile", 1, file.answers);
  }
}

/** A folder is made on the disk alone. */
function madeFolder({ source, node, callee }: Place, answers: FileCall["answers"]): Change | null {
  const ts = typescript();
  const statement = ts.isAwaitExpression(node.parent) ? node.parent.parent : node.parent;
  if (answers === "by-callback" || !ts.isExpressionStatement(statement)) return null;
  const name = answers === "at-once" ? "makeFolderSync" : "makeFolder";
  const [, ...options] = node.arguments ?? [];
  const rest = options.at(-1);
  const cut = { start: node.arguments?.[0]?.end ?? node.end, end: rest?.end ?? node.end };
  return {
    source,
    name,
    removed: callee,
    edit: (local) => [replace(source, callee, local), ...(rest === undefined ? [] : [replace(source, cut, "")])],
  };
}

function renamed({ source, callee, args }: Place, name: Change["name"], count: number): Change | null {
  if (args.length !== count) return null;
  return { source, name, removed: callee, edit: (local) => replace(source, callee, local) };
}

/** What was done at once is waited for, where the function around can wait. */
function awaited(
  place: Place,
  name: Change["name"],
  count: number,
  answers: FileCall["answers"] = "at-once",
): Change | null {
  const { source, node, callee } = place;
  if (answers !== "at-once") return renamed(place, name, count);
  if (place.args.length !== count || !isInAsync(node)) return null;
  return {
    source,
    name,
    removed: callee,
    edit: (local) =>
      isBare(node)
        ? replace(source, callee, `await ${local}`)
        : [replace(source, callee, `(await ${local}`), insert(source, node.end, ")")],
  };
}

/** `file.mv(path, done)` -> `moveUpload(file, path, done)`. */
function fromUpload({ source, node, callee, args }: Place): Change | null {
  const [path] = args;
  if (path === undefined || args.length > 2 || !typescript().isPropertyAccessExpression(node.expression)) return null;
  const file = node.expression.expression.getText(source.tree);
  const at = path.getStart(source.tree);
  return {
    source,
    name: "moveUpload",
    removed: callee,
    edit: (local) => [replace(source, callee, local), insert(source, at, `${file}, `)],
  };
}

/** `.toFile(path)` -> `.toBuffer().then((picture) => putFile(path, picture))`, where the form does not hang on the file's name. */
function fromPicture({ source, node, args }: Place): Change | null {
  const ts = typescript();
  const [path] = args;
  const { expression, parent } = node;
  if (path === undefined || args.length > 1 || !ts.isPropertyAccessExpression(expression)) return null;
  const isForced = /\.(toFormat|jpeg|png|webp|avif|gif|tiff)\(/.test(expression.getText(source.tree));
  const isUnused = ts.isAwaitExpression(parent) && ts.isExpressionStatement(parent.parent);
  if (!isForced || !isUnused) return null;
  const range = { start: expression.name.getStart(source.tree), end: node.end };
  const lead = /\s*$/.exec(source.text.slice(0, range.start - 1))?.[0] ?? "";
  const target = path.getText(source.tree);
  return {
    source,
    name: "putFile",
    removed: { start: range.start, end: range.start },
    edit: (local) => replace(source, range, `toBuffer()${lead}.then((picture) => ${local}(${target}, picture))`),
  };
}

/** Where `await` needs no brackets around it. */
function isBare({ parent }: ts.Node): boolean {
  const ts = typescript();
  return (
    ts.isExpressionStatement(parent) ||
    ts.isIfStatement(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isBinaryExpression(parent)
  );
}

/** Whether the innermost function around is async. */
function isInAsync(node: ts.Node): boolean {
  const ts = typescript();
  const fn = ts.findAncestor(node, (parent) => ts.isFunctionLike(parent));
  if (fn === undefined || !ts.canHaveModifiers(fn)) return false;
  return (ts.getModifiers(fn) ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
}
