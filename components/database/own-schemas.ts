/** The files whose schemas a route's requests go through, as far as its own files name them. */
import { posix } from "node:path";
import { escaped } from "../../analyzers/code/text.ts";
import type { Model, Reach } from "../../analyzers/model.ts";

/** Files near the routes that declare the key in a schema; empty where none is seen, so that any may hold. */
export function schemaFiles(model: Model, key: string, ways: readonly Reach[]): string[] {
  const own = new Set(ways.flatMap((way) => filesOf(model, way)));
  const near = new Set([...own].flatMap((file) => [file, ...importedBy(model, file)]));
  const name = escaped(key);
  const declaring = new RegExp(
    `\\b${name}["']?\\s*:\\s*(z|Joi|joi|yup|Yup|v|t|Type|vine)\\b\\s*\\.|\\b(query|check|body)\\(\\s*["']${name}["']`,
  );
  const found = [...near].filter((file) => declaring.test(model.repo.read(file) ?? ""));
  // `pagination.extend({ ... })`: what a schema is made of may stand one file further.
  const behind = found.flatMap((file) => importedBy(model, file));
  return [...new Set([...found, ...behind])];
}

function filesOf(model: Model, { entry, path }: Reach): string[] {
  const route = model.routes.find(({ id }) => id === entry.routeId);
  const handlers = [...(route?.middleware ?? []), ...(route?.handlers ?? [])].map(({ place }) => place.file);
  return [entry.file, ...(route === undefined ? [] : [route.file]), ...handlers, ...path.map(({ file }) => file)];
}

const sources = new WeakMap<Model, ReadonlyMap<string, readonly string[]>>();

/** Source files by the last part of their path, without its ending. */
function filesByName(model: Model): ReadonlyMap<string, readonly string[]> {
  const known = sources.get(model);
  if (known !== undefined) return known;
  const found = new Map<string, string[]>();
  for (const file of model.repo.files) {
    if (model.summary(file) === null) continue;
    const name = stemOf(posix.basename(file));
    found.set(name, [...(found.get(name) ?? []), file]);
  }
  sources.set(model, found);
  return found;
}

function stemOf(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "");
}

/** `./validation`, `@/modules/orders/validation`, `src/orders/validation.js`: an alias is taken for any folder. */
function importedBy(model: Model, file: string): string[] {
  const specifiers = new Set((model.summary(file)?.imports ?? []).map(({ specifier }) => specifier));
  return [...specifiers].flatMap((specifier) => {
    const isRelative = specifier.startsWith(".");
    const path = stemOf(
      isRelative ? posix.join(posix.dirname(file), specifier) : specifier.replace(/^[@~#$]?\w*\//, ""),
    );
    const named = filesByName(model).get(posix.basename(path)) ?? [];
    return named.filter((each) => (isRelative ? stemOf(each) === path : stemOf(each).endsWith(`/${path}`)));
  });
}
