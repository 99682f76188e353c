/** Puts the bucket in front of every place that hands out a folder. */
import { posix } from "node:path";
import type { Model } from "../../../analyzers/model.ts";
import { callNodeAt } from "../../../patches/editors/calls.ts";
import { insert, openSource, type Source } from "../../../patches/editors/source.ts";
import { insertBefore } from "../../../patches/editors/statements.ts";
import { typescript } from "../../../patches/editors/typescript.ts";
import type { ts } from "../../../patches/editors/typescript.ts";
import type { Change } from "./change.ts";
import type { HandingOut } from "./handing-out.ts";
import type { Obstacle } from "./obstacles.ts";
import { pathBelow } from "./path-text.ts";
import { fromHono, fromKoa } from "./serving-chains.ts";
import { fromPlugin } from "./serving-fastify.ts";

type Serving = (source: Source, place: HandingOut) => Change | null;

/** Beside Express's own forms. */
const byForm: Readonly<Partial<Record<HandingOut["form"], Serving>>> = {
  plugin: fromPlugin,
  hono: fromHono,
  koa: fromKoa,
};

export function servingOf(model: Model, place: HandingOut): Change | Obstacle {
  const { call, form, inner } = place;
  const source = openSource(model.repo, call.file);
  const node = source === null ? null : callNodeAt(source, call.span);
  const [folder, options] = node?.arguments ?? [];
  const ofOthers = byForm[form];
  if (source !== null && ofOthers !== undefined) return ofOthers(source, place) ?? byHand(place);
  if (source === null || node === null || folder === undefined)
    return { why: "the call that hands out the folder could not be found again", at: call };
  if (form === "assets") return ofAssets(source, node, folder, options, place) ?? byHand(place);
  const user = node.parent;
  const kept = keptOptions(source, options);
  if (kept === null)
    return { why: "express.static has options there that the bucket would have to heed, too", at: call };
  if (!isUse(user)) return byHand(place);
  const below = pathBelow(source, folder, inner);
  const [mount, ...others] = user.arguments;
  const isFirst = mount === node && others.length === 0;
  const isMounted = mount !== undefined && others.length === 1 && others[0] === node;
  const start = node.getStart(source.tree);
  if (!isFirst && !isMounted)
    return inner === ""
      ? change(source, start, (serve) => insert(source, start, `${serve}(${below}${kept}), `))
      : byHand(place);
  if (isFirst && inner === "") return mounted(source, user, place.folder, "", `${below}${kept}`);
  const isLiteral = isMounted && typescript().isStringLiteralLike(mount);
  if (isMounted && !isLiteral && inner !== "") return byHand(place);
  const path = isLiteral
    ? JSON.stringify(posix.join("/", mount.text, inner))
    : isMounted
      ? mount.getText(source.tree)
      : JSON.stringify(`/${inner}`);
  return mounted(source, user, place.folder, `${path}, `, `${below}${kept}`);
}

function byHand({ call }: HandingOut): Obstacle {
  return { why: "the folder is handed out in a way that no other handler can be put in front of", at: call };
}

function change(source: Source, at: number, edit: Change["edit"]): Change {
  return { source, name: "storedFiles", removed: { start: at, end: at }, edit };
}

/** A statement of its own before the one that hands out the folder. `path` is the first argument with its comma, or empty. */
function mounted(source: Source, user: ts.CallExpression, folder: string, path: string, args: string): Change {
  const receiver = user.expression.getText(source.tree).replace(/\.\w+$/, "");
  const statement = { start: user.getStart(source.tree), end: user.end };
  const made = change(source, statement.start, (serve) =>
    insertBefore(source, statement, `${receiver}.use(${path}${serve}(${args}));`),
  );
  return { ...made, once: `${receiver} ${path.replaceAll("'", '"')} ${folder}` };
}

/** `app.useStaticAssets(folder, { prefix: "/uploads/" })`. */
function ofAssets(
  source: Source,
  node: ts.CallExpression | ts.NewExpression,
  folder: ts.Expression,
  options: ts.Expression | undefined,
  { folder: upload, inner }: HandingOut,
): Change | null {
  const ts = typescript();
  if (!ts.isCallExpression(node) || !ts.isExpressionStatement(node.parent)) return null;
  if (options !== undefined && !ts.isObjectLiteralExpression(options)) return null;
  const [prefix, ...others] = options?.properties ?? [];
  const isPrefix =
    prefix !== undefined &&
    ts.isPropertyAssignment(prefix) &&
    prefix.name.getText(source.tree) === "prefix" &&
    ts.isStringLiteralLike(prefix.initializer);
  if (others.length > 0 || (prefix !== undefined && !isPrefix)) return null;
  const mount = isPrefix && ts.isStringLiteralLike(prefix.initializer) ? prefix.initializer.text : "/";
  const path = JSON.stringify(posix.join("/", mount, inner).replace(/(?<=.)\/$/, ""));
  return mounted(source, node, upload, `${path}, `, pathBelow(source, folder, inner));
}

/** `app.use(...)` that the value is an argument of. */
function isUse(node: ts.Node): node is ts.CallExpression {
  const ts = typescript();
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "use" &&
    ts.isExpressionStatement(node.parent)
  );
}

/** What matters on the disk alone. */
const ownOptions = /^(index|etag|lastModified|redirect|fallthrough|extensions|dotfiles|acceptRanges)$/;

/** The age is kept, too; null where other options are set. */
function keptOptions(source: Source, options: ts.Expression | undefined): string | null {
  const ts = typescript();
  if (options === undefined) return "";
  if (!ts.isObjectLiteralExpression(options)) return null;
  const [first, ...others] = options.properties.filter(
    ({ name }) => !ownOptions.test(name?.getText(source.tree) ?? ""),
  );
  if (first === undefined) return "";
  const isNumber =
    ts.isPropertyAssignment(first) &&
    first.name.getText(source.tree) === "maxAge" &&
    /^[\d\s*_()]+$/.test(first.initializer.getText(source.tree));
  return isNumber && others.length === 0 ? `, { ${first.getText(source.tree)} }` : null;
}
