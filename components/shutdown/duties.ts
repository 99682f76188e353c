/** The duties handed to the shutdown module: what to close, and the imports that it takes to name it. */
import { posix } from "node:path";
import type { Model } from "../../analyzers/model.ts";
import { bindingsOf } from "../../patches/editors/import-declarations.ts";
import { freeName, type ImportWish } from "../../patches/editors/imports.ts";
import { openSource, type Source } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import type { Style } from "../../patches/editors/style.ts";
import type { Closer } from "./closers.ts";

interface Duties {
  /** Properties of the object literal, in template style. */
  properties: string[];
  imports: ImportWish[];
}

type Exported = Pick<Closer, "file" | "exported" | "local">;

export function dutiesOf(source: Source, model: Model, closers: readonly Closer[]): Duties {
  const imports: ImportWish[] = [];
  const calls = closers.map((closer) => {
    const { name, wish } = nameIn(source, closer);
    if (wish !== null) imports.push(wish);
    return closer.method === null ? name : `() => ${name}.${closer.method}()`;
  });
  const mongoose = mongooseIn(source, model);
  if (mongoose !== null) {
    imports.push(mongoose.wish);
    calls.push(`() => ${mongoose.name}.disconnect()`);
  }
  return { properties: calls.length === 0 ? [] : [`close: [${calls.join(", ")}]`], imports };
}

/** The name an export has in the file, and the import it takes; none for the file's own and for what is imported already. */
function nameIn(source: Source, { file, exported, local }: Exported): { name: string; wish: ImportWish | null } {
  if (file === source.file) return { name: local, wish: null };
  const from = specifierFor(source.file, file, source.style);
  const known = bindingsOf(source).find(
    (binding) => binding.imported === exported && !binding.typeOnly && isSame(source.file, binding.from, file),
  );
  if (known !== undefined) return { name: known.local, wish: null };
  const name = freeName(source, local);
  if (exported === "default" || exported === "*") return { name, wish: { from, default: name } };
  return { name, wish: { from, names: [exported === name ? name : { name: exported, as: name }] } };
}

/** Whether a specifier means the file, aliases (`@/db`) by their last part. */
function isSame(importer: string, specifier: string, file: string): boolean {
  const bare = file.replace(/(\/index)?\.[cm]?[jt]sx?$/, "");
  const asked = specifier.replace(/(\/index)?\.[cm]?[jt]sx?$/, "");
  if (asked.startsWith(".")) return posix.join(posix.dirname(importer), asked) === bare;
  return /^[@~#][\w-]*\//.test(asked) && bare.endsWith(asked.replace(/^[@~#][\w-]*/, ""));
}

/** Mongoose keeps one connection for the whole process; it is closed where it was opened by `mongoose.connect`. */
function mongooseIn(source: Source, model: Model): { name: string; wish: ImportWish } | null {
  const [connect] = model.usesOf("mongoose:connect").filter(({ call }) => model.context(call.file) === "server");
  const opener = connect === undefined ? null : openSource(model.repo, connect.call.file);
  if (opener === null) return null;
  const isMongoose = (binding: { from: string; imported: string }): boolean =>
    binding.from === "mongoose" && ["default", "*"].includes(binding.imported);
  const name = bindingsOf(source).find(isMongoose)?.local ?? freeName(source, "mongoose");
  const asNamespace = opener.style.modules === "esm" && bindingsOf(opener).find(isMongoose)?.imported === "*";
  return { name, wish: { from: "mongoose", ...(asNamespace ? { namespace: name } : { default: name }) } };
}

/** An import statement in template style for a new file, and the name it brings. */
export function importsFor(file: string, style: Style, exported: Exported): { name: string; statement: string } {
  const from = JSON.stringify(specifierFor(file, exported.file, style));
  const { local: name } = exported;
  if (exported.exported === "default" || exported.exported === "*")
    return { name, statement: `import ${name} from ${from}` };
  const braces = exported.exported === name ? name : `${exported.exported} as ${name}`;
  return { name, statement: `import { ${braces} } from ${from}` };
}
