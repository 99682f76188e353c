/** Puts the bucket in front of a folder that `@fastify/static` hands out: a route beside it, with its own answer as the last word. */
import { posix } from "node:path";
import { callNodeAt, setOptions } from "../../../patches/editors/calls.ts";
import type { Source } from "../../../patches/editors/source.ts";
import { insertAfter } from "../../../patches/editors/statements.ts";
import { typescript } from "../../../patches/editors/typescript.ts";
import type { ts } from "../../../patches/editors/typescript.ts";
import type { Change } from "./change.ts";
import type { HandingOut } from "./handing-out.ts";
import { pathBelow } from "./path-text.ts";

/** What matters on the disk alone. */
const ownOptions = new Set(["root", "prefix", "index", "etag", "lastModified", "acceptRanges", "dotfiles", "list"]);

/** Null where the plugin is registered in a form, or told something, that the route would have to heed. */
export function fromPlugin(source: Source, { call, inner, folder }: HandingOut): Change | null {
  const ts = typescript();
  const node = callNodeAt(source, call.span);
  const statement = node === null ? null : statementOf(node);
  if (node === null || statement === null || !ts.isPropertyAccessExpression(node.expression)) return null;
  const options = node.arguments?.[1];
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return null;
  const entries = entriesOf(source, options);
  const root = entries?.get("root");
  const prefix = entries?.get("prefix");
  if (entries === null || root === undefined || [...entries.keys()].some((key) => !ownOptions.has(key))) return null;
  if (prefix !== undefined && !ts.isStringLiteralLike(prefix)) return null;
  const app = node.expression.expression.getText(source.tree);
  const url = posix.join("/", prefix?.text ?? "", inner, "*");
  const args = inner === "" ? root.getText(source.tree) : `${pathBelow(source, root, inner)}, ${JSON.stringify(inner)}`;
  const at = statement.getStart(source.tree);
  const off = inner === "" ? setOptions(source, call.span, 1, { serve: "false" }) : [];
  if (off === null) return null;
  return {
    source,
    name: "storedFiles",
    once: `${app} ${url} ${folder}`,
    removed: [],
    edit: (serve) => [
      ...off,
      insertAfter(
        source,
        { start: at, end: statement.end },
        `${app}.route({\n  method: ["GET", "HEAD"],\n  url: ${JSON.stringify(url)},\n  handler: ${serve}(${args}),\n});`,
      ),
    ],
  };
}

/** `app.register(...)` that stands for itself, awaited or not. */
function statementOf(node: ts.Node): ts.ExpressionStatement | null {
  const ts = typescript();
  const outer = ts.isAwaitExpression(node.parent) ? node.parent.parent : node.parent;
  return ts.isExpressionStatement(outer) ? outer : null;
}

function entriesOf(source: Source, literal: ts.ObjectLiteralExpression): Map<string, ts.Expression> | null {
  const ts = typescript();
  const entries = new Map<string, ts.Expression>();
  for (const property of literal.properties) {
    if (!ts.isPropertyAssignment(property)) return null;
    entries.set(property.name.getText(source.tree), property.initializer);
  }
  return entries;
}
