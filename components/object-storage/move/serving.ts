/** Puts the bucket in front of every place that hands out a folder. */
import { posix } from "node:path";
import type { CallSite, Model, Place, Service } from "../../../analyzers/model.ts";
import { staticFilesOf, type StaticFiles } from "../../../analyzers/serving/static-files.ts";
import type { Edit } from "../../../patches/edit.ts";
import { callNodeAt } from "../../../patches/editors/calls.ts";
import { insert, openSource, type Source } from "../../../patches/editors/source.ts";
import { insertBefore } from "../../../patches/editors/statements.ts";
import { typescript } from "../../../patches/editors/typescript.ts";
import type { ts } from "../../../patches/editors/typescript.ts";
import { argumentPaths, isInside } from "../../../analyzers/code/written-path.ts";

export type Serving =
  | { kind: "served"; places: { source: Source; at: number; edit: (serve: string) => Edit }[] }
  | { kind: "obstacle"; why: string; at: Place | null };

/** Each folder has to be handed out by `express.static`, in a way that another handler can stand in front of. */
export function servingOf(model: Model, service: Service, folders: readonly string[]): Serving {
  const statics = staticFilesOf(model)
    .filter(({ call }) => model.service(call.file)?.root === service.root)
    .map((each) => ({ ...each, paths: argumentPaths(model, each.call, 0) }));
  const places: Extract<Serving, { kind: "served" }>["places"] = [];
  const done = new Set<string>();
  for (const folder of folders) {
    const fitting = statics.filter(({ paths }) => paths.some((path) => path === "." || isInside(folder, path)));
    const namesake = statics.find(
      (each) => !fitting.includes(each) && each.paths.some((path) => posix.basename(path) === posix.basename(folder)),
    );
    if (namesake !== undefined)
      return obstacle(`another folder is handed out there under the same name as ${folder}`, namesake.call);
    if (fitting.length === 0)
      return obstacle(`nothing in the app hands out ${folder}: something outside of it may`, null);
    for (const each of fitting) {
      const inner = posix.relative(each.paths.find((path) => path === "." || isInside(folder, path)) ?? folder, folder);
      const key = `${each.call.id} ${inner}`;
      if (done.has(key)) continue;
      done.add(key);
      const place = placeOf(model, each, inner);
      if ("kind" in place) return place;
      places.push(place);
    }
  }
  return { kind: "served", places };
}

function obstacle(why: string, call: CallSite | null): Extract<Serving, { kind: "obstacle" }> {
  return { kind: "obstacle", why, at: call === null ? null : { file: call.file, line: call.line } };
}

type Served = Extract<Serving, { kind: "served" }>["places"][number];

function placeOf(model: Model, { api, call }: StaticFiles, inner: string): Served | ReturnType<typeof obstacle> {
  const source = openSource(model.repo, call.file);
  const node = source === null ? null : callNodeAt(source, call.span);
  const user = node?.parent;
  const [folder, options] = node?.arguments ?? [];
  if (source === null || node === null || folder === undefined || user === undefined || !isUse(user))
    return obstacle("the folder is handed out in a way that no other handler can be put in front of", call);
  if (!/^(express:static|serve-static:)$/.test(api))
    return obstacle(`the recipe knows express.static, and the folder is handed out by ${api.replace(/:.*/, "")}`, call);
  const kept = keptOptions(source, options);
  if (kept === null) return obstacle("express.static has options there that the bucket would have to heed, too", call);
  const below = pathText(source, folder, inner);
  if (inner === "") {
    const start = node.getStart(source.tree);
    return { source, at: start, edit: (serve) => insert(source, start, `${serve}(${below}${kept}), `) };
  }
  const mount = user.arguments[0];
  const prefix = mount !== undefined && typescript().isStringLiteralLike(mount) ? mount.text : "";
  if (mount !== node && prefix === "" && user.arguments.length > 1)
    return obstacle("the folder is handed out under a path that is made at run time", call);
  const receiver = user.expression.getText(source.tree).replace(/\.use$/, "");
  const path = JSON.stringify(posix.join("/", prefix, inner));
  const statement = { start: user.getStart(source.tree), end: user.end };
  return {
    source,
    at: statement.start,
    edit: (serve) => insertBefore(source, statement, `${receiver}.use(${path}, ${serve}(${below}${kept}));`),
  };
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

/** Options that are the static files' own matter are left out, the age is kept; null where others are set. */
function keptOptions(source: Source, options: ts.Expression | undefined): string | null {
  const ts = typescript();
  if (options === undefined) return "";
  if (!ts.isObjectLiteralExpression(options)) return null;
  const rest = options.properties.filter(
    ({ name }) =>
      !/^(index|etag|lastModified|redirect|fallthrough|extensions|dotfiles|acceptRanges)$/.test(
        name?.getText(source.tree) ?? "",
      ),
  );
  const [first, ...others] = rest;
  if (first === undefined) return "";
  const isNumber =
    ts.isPropertyAssignment(first) &&
    first.name.getText(source.tree) === "maxAge" &&
    /^[\d\s*_()]+$/.test(first.initializer.getText(source.tree));
  return isNumber && others.length === 0 ? `, { ${first.getText(source.tree)} }` : null;
}

/** The folder as it is written there, with what lies below it. */
function pathText(source: Source, folder: ts.Expression, inner: string): string {
  const ts = typescript();
  const text = folder.getText(source.tree);
  if (inner === "") return text;
  if (ts.isStringLiteralLike(folder)) return JSON.stringify(posix.join(folder.text, inner));
  const last = ts.isCallExpression(folder) ? folder.arguments.at(-1) : undefined;
  if (
    last !== undefined &&
    ts.isCallExpression(folder) &&
    /(^|\.)(join|resolve)$/.test(folder.expression.getText(source.tree))
  )
    return `${source.text.slice(folder.getStart(source.tree), last.end)}, ${JSON.stringify(inner)})`;
  return `${text} + ${JSON.stringify(`/${inner}`)}`;
}
