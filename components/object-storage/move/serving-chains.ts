/** Puts the bucket in front of a folder that Hono or Koa hands out. */
import { posix } from "node:path";
import { callNodeAt } from "../../../patches/editors/calls.ts";
import { toDialectExpression } from "../../../patches/editors/dialect.ts";
import { insert, type Source } from "../../../patches/editors/source.ts";
import { insertBefore } from "../../../patches/editors/statements.ts";
import { typescript } from "../../../patches/editors/typescript.ts";
import type { ts } from "../../../patches/editors/typescript.ts";
import type { Change } from "./change.ts";
import type { HandingOut } from "./handing-out.ts";

/** `app.use("/uploads/*", serveStatic({ root: "./public" }))`, in a chain or by itself; null for other forms. */
export function fromHono(source: Source, { call, inner, folder }: HandingOut): Change | null {
  const ts = typescript();
  const node = callNodeAt(source, call.span);
  const [options, ...more] = node?.arguments ?? [];
  if (node === null || more.length > 0 || options === undefined || !ts.isObjectLiteralExpression(options)) return null;
  const [root, ...others] = options.properties;
  if (root === undefined || !ts.isPropertyAssignment(root) || others.length > 0 || inner === "") return null;
  const address = posix.join("/", inner, "*");
  const user = userOf(source, node);
  const mount = user?.arguments.length === 2 ? user.arguments[0] : undefined;
  if (user === null || user.arguments.length > 2) return null;
  if (mount !== undefined && !(ts.isStringLiteralLike(mount) && covers(mount.text, address))) return null;
  return before(source, user, folder, `${JSON.stringify(address)}, `, root.initializer.getText(source.tree));
}

/** Whether what is mounted there gets requests for the address: `/*`, `*`, `/uploads/*`. */
function covers(mount: string, address: string): boolean {
  const prefix = mount.replace(/\/?\*$/, "");
  return mount.endsWith("*") && (prefix === "" || address.startsWith(`${prefix}/`));
}

/** `app.use(serve("public"))`, `app.use(mount("/uploads", serve("uploads")))`; null for other forms. */
export function fromKoa(source: Source, { call, inner, folder }: HandingOut): Change | null {
  const ts = typescript();
  const node = callNodeAt(source, call.span);
  const [root, ...options] = node?.arguments ?? [];
  if (node === null || root === undefined || options.length > 0) return null;
  const own = `${root.getText(source.tree)}${inner === "" ? "" : `, ${JSON.stringify(inner)}`}`;
  const mounter = node.parent;
  const isMounted = ts.isCallExpression(mounter) && isKoaMount(source, mounter);
  const user = userOf(source, isMounted ? mounter : node);
  if (user === null || user.arguments.length !== 1) return null;
  if (!isMounted) return before(source, user, folder, "", own);
  const [path] = mounter.arguments;
  if (path === undefined || path === node) return null;
  const lead = `${mounter.expression.getText(source.tree)}(${path.getText(source.tree)}, `;
  return before(source, user, folder, lead, own, ")");
}

function isKoaMount(source: Source, { expression, arguments: args }: ts.CallExpression): boolean {
  const name = expression.getText(source.tree);
  return args.length === 2 && /^\w*mount$/i.test(name) && /["']koa-mount["']/.test(source.text);
}

/** The call of `use` that a value is an argument of. */
function userOf(source: Source, node: ts.Node): ts.CallExpression | null {
  const ts = typescript();
  const { parent } = node;
  const isUse =
    ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression) && parent.expression !== node;
  return isUse && /\.(use|get)$/.test(parent.expression.getText(source.tree)) ? parent : null;
}

/** A statement of its own before the one that hands out the folder, or the link before it in a chain. */
function before(
  source: Source,
  user: ts.CallExpression,
  folder: string,
  lead: string,
  args: string,
  end = "",
): Change | null {
  const ts = typescript();
  if (!ts.isPropertyAccessExpression(user.expression)) return null;
  const owner = user.expression.expression;
  const receiver = owner.getText(source.tree);
  const quoted = lead.startsWith('"') ? `${toDialectExpression(lead.slice(0, -2), source.style)}, ` : lead;
  const use = (serve: string): string => `.use(${quoted}${serve}(${args})${end})`;
  const isChained = ts.isCallExpression(owner) || ts.isNewExpression(owner) || !ts.isExpressionStatement(user.parent);
  const between = source.text.slice(owner.end, user.expression.name.getStart(source.tree)).replace(/\.\s*$/, "");
  return {
    source,
    name: "storedFiles",
    once: `${isChained ? "chain" : receiver} ${lead} ${folder}`,
    removed: [],
    edit: (serve) =>
      isChained
        ? insert(source, owner.end, `${between}${use(serve)}`)
        : insertBefore(source, { start: user.getStart(source.tree), end: user.end }, `${receiver}${use(serve)};`),
  };
}
