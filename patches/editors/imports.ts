/** Adding, naming and dropping imports, in ES modules and CommonJS. */
import type { Edit } from "../edit.ts";
import { bindingsOf, declarationsOf, insertInto } from "./import-declarations.ts";
import type { ImportDeclaration } from "./import-declarations.ts";
import { placeImports, requires } from "./import-place.ts";
import type { NewImport } from "./import-place.ts";
import type { Source } from "./source.ts";
import { typescript, walk } from "./typescript.ts";

/** What a file wants from a module. With none of the names set the module is imported for its effect. */
export interface ImportWish {
  /** Module specifier, exactly as it will stand there; see `specifierFor`. */
  from: string;
  default?: string;
  namespace?: string;
  /** Exported names; `{ name, as }` where the local name may differ. */
  names?: readonly (string | { name: string; as: string })[];
  /** `import type`; left out in JavaScript. */
  typeOnly?: boolean;
}

/** Edits that make the wished names available; empty when they are already there. One call per file, all wishes together. */
export function addImport(source: Source, ...wishes: readonly ImportWish[]): Edit[] {
  const relevant = merged(wishes).filter((wish) => wish.typeOnly !== true || source.style.language === "typescript");
  const edits: Edit[] = [];
  const lines: NewImport[] = [];
  for (const wish of relevant) {
    const missing = missingFrom(source, wish);
    if (missing === null) continue;
    const home = declarationsOf(source).find(
      (found) => found.from === missing.from && found.names !== null && found.typeOnly === (missing.typeOnly ?? false),
    );
    const mergeable = home !== undefined && missing.default === undefined && missing.namespace === undefined;
    if (mergeable && missing.names !== undefined)
      edits.push(
        insertInto(
          source,
          home,
          missing.names.map((name) => nameText(name, home.form)),
        ),
      );
    else lines.push(...statementsFor(source, missing).map((text) => ({ from: missing.from, text })));
  }
  return [...edits, ...placeImports(source, lines)];
}

/** The local name under which the file has an export of a module (`default`, `*` or a name); null when it does not import it. */
export function localName(source: Source, from: string, exported: string): string | null {
  const whole = exported === "default" && source.style.modules === "commonjs" ? "*" : exported;
  const found = bindingsOf(source).find(
    (binding) => binding.from === from && [exported, whole].includes(binding.imported) && !binding.typeOnly,
  );
  return found?.local ?? null;
}

/** The name itself, or with a number behind it when the file uses it for something else. */
export function freeName(source: Source, name: string): string {
  const ts = typescript();
  const used = new Set<string>();
  for (const node of walk(source.tree)) if (ts.isIdentifier(node)) used.add(node.text);
  if (!used.has(name)) return name;
  let number = 2;
  while (used.has(`${name}${number}`)) number += 1;
  return `${name}${number}`;
}

function merged(wishes: readonly ImportWish[]): ImportWish[] {
  const byKey = new Map<string, ImportWish>();
  for (const wish of wishes) {
    const key = JSON.stringify([wish.from, wish.typeOnly ?? false, wish.namespace ?? ""]);
    const known = byKey.get(key);
    const names = distinct([...(known?.names ?? []), ...(wish.names ?? [])]);
    byKey.set(key, { ...known, ...wish, ...(names.length > 0 ? { names } : {}) });
  }
  return [...byKey.values()];
}

function distinct(names: NonNullable<ImportWish["names"]>): NonNullable<ImportWish["names"]> {
  const texts = names.map((name): [string, typeof name] => [nameText(name, "import"), name]);
  return [...new Map(texts).values()];
}

/** The wish without what the file already has; null when nothing is left. */
function missingFrom(source: Source, wish: ImportWish): ImportWish | null {
  const here = bindingsOf(source).filter(
    (binding) => binding.from === wish.from && (wish.typeOnly === true || !binding.typeOnly),
  );
  const has = (imported: string, local: string): boolean =>
    here.some((binding) => binding.imported === imported && binding.local === local);
  const names = (wish.names ?? []).filter((name) =>
    typeof name === "string" ? !has(name, name) : !has(name.name, name.as),
  );
  const whole = source.style.modules === "commonjs" && source.style.language === "javascript" ? "*" : "default";
  const rest: ImportWish = { from: wish.from };
  if (wish.typeOnly !== undefined) rest.typeOnly = wish.typeOnly;
  if (wish.default !== undefined && !has(whole, wish.default) && !has("default", wish.default))
    rest.default = wish.default;
  if (wish.namespace !== undefined && !has("*", wish.namespace)) rest.namespace = wish.namespace;
  if (names.length > 0) rest.names = names;
  const forEffect = wish.default === undefined && wish.namespace === undefined && wish.names === undefined;
  if (forEffect) return declarationsOf(source).some((found) => found.from === wish.from) ? null : rest;
  return rest.default === undefined && rest.namespace === undefined && rest.names === undefined ? null : rest;
}

function nameText(name: string | { name: string; as: string }, form: ImportDeclaration["form"]): string {
  if (typeof name === "string") return name;
  if (name.name === name.as) return name.as;
  return form === "import" ? `${name.name} as ${name.as}` : `${name.name}: ${name.as}`;
}

function statementsFor(source: Source, wish: ImportWish): string[] {
  const from = JSON.stringify(wish.from);
  const common = requires(source);
  const form = common ? "require" : "import";
  const names = (wish.names ?? []).map((name) => nameText(name, form));
  const braces = names.length > 0 ? `{ ${names.join(", ")} }` : null;
  if (common) {
    const whole = [wish.default, wish.namespace, braces].filter((name) => typeof name === "string");
    return whole.length === 0 ? [`require(${from});`] : whole.map((name) => `const ${name} = require(${from});`);
  }
  const keyword = wish.typeOnly === true ? "import type" : "import";
  const star = wish.namespace === undefined ? null : `* as ${wish.namespace}`;
  const clauses = [wish.default ?? null, star, braces].filter((clause) => clause !== null);
  if (clauses.length === 0) return [`import ${from};`];
  if (star !== null && braces !== null)
    return [`${keyword} ${star} from ${from};`, `${keyword} ${braces} from ${from};`];
  return [`${keyword} ${clauses.join(", ")} from ${from};`];
}
