/** The duties handed to the shutdown module: what to close, and the imports that it takes to name it. */
import type { Model } from "../../analyzers/model.ts";
import { bindingsOf } from "../../patches/editors/import-declarations.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import { freeName, type ImportWish } from "../../patches/editors/imports.ts";
import { openSource, type Source } from "../../patches/editors/source.ts";
import type { Closer } from "./closers.ts";

interface Duties {
  /** Properties of the object literal, in template style. */
  properties: string[];
  imports: ImportWish[];
}

/** `mongoose`: whether its connection is to be closed as well, where the app has one. `first`: what is closed before the rest. */
export function dutiesOf(
  source: Source,
  model: Model,
  closers: readonly Closer[],
  { mongoose: wanted, first }: { mongoose: boolean; first: readonly string[] },
): Duties {
  const imports: ImportWish[] = [];
  const named = closers.map((closer) => {
    const { name, wish } = importOf(source, closer);
    if (wish !== null) imports.push(wish);
    return closer.method === null ? name : `() => ${name}${ways[closer.presence](closer.method)}`;
  });
  const calls = [...first, ...named];
  const mongoose = wanted ? mongooseIn(source, model) : null;
  if (mongoose !== null) {
    imports.push(mongoose.wish);
    calls.push(`() => ${mongoose.name}.disconnect()`);
  }
  return { properties: calls.length === 0 ? [] : [`close: [${calls.join(", ")}]`], imports };
}

const ways: Readonly<Record<Closer["presence"], (method: string) => string>> = {
  certain: (method) => `.${method}()`,
  "or-nothing": (method) => `?.${method}()`,
  "or-other": (method) => `?.${method}?.()`,
  uncertain: (method) => `?.${method}()`,
};

/** Mongoose keeps one connection for the whole process; it is closed where it was opened by `mongoose.connect`. */
function mongooseIn(source: Source, model: Model): { name: string; wish: ImportWish } | null {
  const [connect] = model.usesOf("mongoose:connect").filter(({ call }) => model.context(call.file) === "server");
  const opener = connect === undefined ? null : openSource(model.repo, connect.call.file);
  if (opener === null) return null;
  const isMongoose = (binding: { from: string; imported: string }): boolean =>
    binding.from === "mongoose" && ["default", "*"].includes(binding.imported);
  const name = bindingsOf(source).find(isMongoose)?.local ?? nameOfLibrary(source);
  const asNamespace = opener.style.modules === "esm" && bindingsOf(opener).find(isMongoose)?.imported === "*";
  return { name, wish: { from: "mongoose", ...(asNamespace ? { namespace: name } : { default: name }) } };
}

/** The app's own module is often called `mongoose`, too. */
function nameOfLibrary(source: Source): string {
  return freeName(source, "mongoose") === "mongoose" ? "mongoose" : freeName(source, "mongooseLib");
}
