/** Imports and exports: from a specifier and a name to what stands behind it, through re-exports and both module systems. */
import { textBehind } from "../libraries/entry-params.ts";
import { isPython } from "../repo/source-file.ts";
import type { Value } from "../summary.ts";
import type { AutoImport } from "./auto-imports.ts";
import { publicSpecifier, type Resolved } from "./modules.ts";
import { own, type FileNode } from "./program.ts";
import { isPythonPackage, pythonApi } from "./python-modules.ts";
import type { Solver } from "./solver.ts";
import { envToken, external, literal, moduleToken, NONE, union, type Tokens } from "./token.ts";

/** The whole of a CommonJS module, as the extractor names it. */
const WHOLE = "module.exports";
/** A client that Prisma generates into the tree, mostly not committed: it behaves like the package's. */
const GENERATED_CLIENT = /(^|[/@])(generated|prisma)(\/|$)/i;

export function importedTokens(
  solver: Solver,
  file: FileNode,
  { specifier, name }: Extract<Value, { kind: "imported" }>,
): Tokens {
  if (isGeneratedClient(specifier, name)) return externalRoot("@prisma/client", name);
  const auto = autoImported(solver, solver.autoImports.findImported(file, specifier, name));
  if (auto.length > 0) return auto;
  if (specifier.startsWith("$env/")) return environmentTokens(specifier, name);
  const resolved = solver.modules.resolve(file.path, specifier);
  if (isPython(file.path) && name !== "*") return nameOrModule(solver, file, resolved, { specifier, name });
  if (resolved.kind === "package") return externalRoot(resolved.specifier, name);
  const target = resolved.kind === "file" ? solver.program.files.get(resolved.file) : undefined;
  if (target === undefined) return NONE;
  return name === "*" ? solver.wholeModule(target) : solver.exported(target, name);
}

/** A client that Prisma writes into the tree, by its path: `../generated/prisma/client`, `src/generated/prisma`. */
export function isGeneratedClient(specifier: string, name: string): boolean {
  const isLocal = /^[.#~]|^@\/|^(src|app|lib)\//.test(specifier);
  return isLocal && name === "PrismaClient" && GENERATED_CLIENT.test(specifier);
}

export function autoImported(solver: Solver, found: AutoImport | null): Tokens {
  if (found === null) return NONE;
  if (found.kind === "export") return solver.exported(found.file, found.name);
  const token = external(found.api);
  return token === null ? NONE : [token];
}

/** SvelteKit's modules of the environment: `$env/static/private` exports its names, `$env/dynamic/private` an `env` with them. */
function environmentTokens(specifier: string, name: string): Tokens {
  if (specifier.startsWith("$env/static/")) return name === "*" ? NONE : [envToken(name)];
  return name === "env" ? externalRoot("global", "process.env") : NONE;
}

/** Python's `from a import b`: a name of the module `a`, else the module `a.b`. */
function nameOrModule(
  solver: Solver,
  file: FileNode,
  resolved: Resolved,
  { specifier, name }: { specifier: string; name: string },
): Tokens {
  const target = resolved.kind === "file" ? solver.program.files.get(resolved.file) : undefined;
  const found = target === undefined ? NONE : solver.exported(target, name);
  if (found.length > 0) return found;
  const below = solver.modules.resolve(file.path, specifier.endsWith(".") ? specifier + name : `${specifier}.${name}`);
  const module = below.kind === "file" ? solver.program.files.get(below.file) : undefined;
  if (module !== undefined) return solver.wholeModule(module);
  return resolved.kind === "package" ? externalRoot(resolved.specifier, name) : NONE;
}

/** Default import, `* as` and whole `require()` are the package's root. */
function externalRoot(specifier: string, name: string): Tokens {
  if (isPythonPackage(specifier)) {
    const token = external(pythonApi(specifier, name === "*" ? "" : name));
    return token === null ? NONE : [token];
  }
  const path = name === "default" || name === "*" || name === WHOLE ? "" : name;
  const text = textBehind(`${specifier}:${path}`);
  if (text !== null) return [literal(text)];
  const token = external(`${publicSpecifier(specifier)}:${path}`);
  return token === null ? NONE : [token];
}

/** What `require("./x")` or `import * as x` gives. */
export function wholeModule(solver: Solver, file: FileNode): Tokens {
  const { exports } = file.summary;
  const assigned = own(exports, WHOLE);
  if (assigned === undefined) return [moduleToken(file)];
  const whole = solver.evaluate(file, assigned, null);
  const hasMore = Object.keys(exports).length > 1 || whole.length === 0;
  return hasMore ? union([whole, [moduleToken(file)]]) : whole;
}

/** What a module exports under a name; star re-exports come last. Cycles end in nothing. */
export function exported(solver: Solver, file: FileNode, name: string, seen = new Set<FileNode>()): Tokens {
  if (seen.has(file)) return NONE;
  seen.add(file);
  const { exports, reexports } = file.summary;
  const direct = own(exports, name);
  if (direct !== undefined && name !== WHOLE) return solver.evaluate(file, direct, null);
  const whole = own(exports, WHOLE);
  if (whole !== undefined) {
    const tokens = solver.evaluate(file, whole, null);
    const asDefault = name === "default";
    return asDefault ? tokens : union(tokens.map((token) => solver.member(token, name)));
  }
  const named = reexports.filter((each) => each.as === name);
  const found = named.flatMap((each) => follow(solver, file, each.specifier, each.name, seen));
  if (found.length > 0) return union([found]);
  if (name === "default") return isScript(file) ? [moduleToken(file)] : NONE;
  const stars = reexports.filter((each) => each.name === "*" && each.as === "*");
  return union(stars.map((each) => follow(solver, file, each.specifier, name, seen, true)));
}

/** `starred`: by `export *`, which may lead through very many files, most of which know nothing of the name. */

function follow(
  solver: Solver,
  from: FileNode,
  specifier: string,
  name: string,
  seen: Set<FileNode>,
  starred = false,
): Tokens {
  const resolved = solver.modules.resolve(from.path, specifier);
  if (resolved.kind === "package") return externalRoot(resolved.specifier, name);
  const target = resolved.kind === "file" ? solver.program.files.get(resolved.file) : undefined;
  if (target === undefined || (starred && !mayOffer(solver, target, name))) return NONE;
  return name === "*" ? solver.wholeModule(target) : exported(solver, target, name, seen);
}

/** Names that a file and all behind its `export *` may offer; `any`: also others, for a whole module or a package is among them. */
interface Offer {
  names: ReadonlySet<string>;
  any: boolean;
}

const offers = new WeakMap<FileNode, Offer>();

function mayOffer(solver: Solver, file: FileNode, name: string): boolean {
  const offer = offers.get(file) ?? offerOf(solver, file);
  offers.set(file, offer);
  return offer.any || offer.names.has(name);
}

function offerOf({ modules, program }: Solver, start: FileNode): Offer {
  const names = new Set<string>();
  let any = false;
  const files = new Set([start]);
  for (const { path, summary } of files) {
    for (const name of Object.keys(summary.exports)) names.add(name);
    any ||= own(summary.exports, WHOLE) !== undefined;
    for (const { specifier, name, as } of summary.reexports) {
      names.add(as);
      if (name !== "*" || as !== "*") continue;
      const resolved = modules.resolve(path, specifier);
      const target = resolved.kind === "file" ? program.files.get(resolved.file) : undefined;
      any ||= resolved.kind === "package";
      if (target !== undefined) files.add(target);
    }
  }
  return { names, any };
}

/** CommonJS with `exports.x = ...`: its default import is the module itself. */
function isScript(file: FileNode): boolean {
  return file.summary.modules === "commonjs";
}
