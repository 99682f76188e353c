/** Puts the app's own storage in the place of multer's. */
import type { Model } from "../../../analyzers/model.ts";
import { callNodeAt } from "../../../patches/editors/calls.ts";
import { openSource, replace } from "../../../patches/editors/source.ts";
import { typescript } from "../../../patches/editors/typescript.ts";
import type { Change } from "./change.ts";
import type { Storage } from "./upload-folders.ts";

/** `multer.diskStorage({...})` -> `new BucketStorage({...})`, `dest: "x"` -> `storage: new BucketStorage({ destination: "x" })`. */
export function storingOf(model: Model, { call, form }: Storage): Change | null {
  const ts = typescript();
  const source = openSource(model.repo, call.file);
  const node = source === null ? null : callNodeAt(source, call.span);
  if (source === null || node === null) return null;
  if (form === "storage") {
    const callee = { start: node.expression.getStart(source.tree), end: node.expression.end };
    return { source, name: "BucketStorage", removed: callee, edit: (local) => replace(source, callee, `new ${local}`) };
  }
  const [options] = node.arguments ?? [];
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return null;
  const names = options.properties.map(({ name }) => name?.getText(source.tree));
  const dest = options.properties[names.indexOf("dest")];
  if (dest === undefined || names.includes("storage")) return null;
  const range = { start: dest.getStart(source.tree), end: dest.end };
  const value = ts.isPropertyAssignment(dest) ? dest.initializer.getText(source.tree) : "dest";
  return {
    source,
    name: "BucketStorage",
    removed: { start: range.end, end: range.end },
    edit: (local) => replace(source, range, `storage: new ${local}({ destination: ${value} })`),
  };
}
