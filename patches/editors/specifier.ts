/** How one file of the app names another in an import. */
import { posix } from "node:path";
import { extensionFor } from "./dialect.ts";
import type { Style } from "./style.ts";

/** The relative module specifier from one file to another (both relative to the root), in the app's habit. */
export function specifierFor(fromFile: string, toFile: string, style: Style): string {
  const path = posix.relative(posix.dirname(fromFile), toFile);
  const relative = path.startsWith(".") ? path : `./${path}`;
  const ending = /\.([cm]?)[jt]sx?$/.exec(relative);
  if (ending === null) return relative;
  const bare = relative.slice(0, ending.index);
  const kind = ending[1] ?? "";
  const extension = extensionFor(style);
  if (kind !== "") return bare + (extension === ".ts" ? ending[0] : `.${kind}js`);
  if (extension === ".ts") return relative;
  if (extension === ".js") return `${bare}.js`;
  return bare.endsWith("/index") ? bare.slice(0, -"/index".length) : bare;
}
