/** What a container hands to constructor parameters and decorated properties. */
import { injectionOf } from "../libraries/containers.ts";
import type { CallId } from "../summary.ts";
import { classTokens, typeTokens } from "./annotations.ts";
import { namespaceAt } from "./configuration.ts";
import { argumentOf, decorationsOf, type Decoration } from "./decorations.ts";
import { own, type ClassNode, type FileNode, type FnNode } from "./program.ts";
import { named, selfProvided } from "./providers.ts";
import type { Solver } from "./solver.ts";
import { external, NONE, union, type Tokens } from "./token.ts";

/** What arrives as a parameter of a class that a container constructs, or of a factory; nothing when nobody can tell. */
export function injectedParam(solver: Solver, fn: FnNode, index: number): Tokens {
  const param = fn.fact.params[index];
  if (param === undefined) return NONE;
  if (fn.fact.kind !== "constructor" || fn.class === null) return solver.factoryParam(fn, index);
  if (fn.class.fact.decorators.length === 0 && param.decorators === undefined) return NONE;
  return injected(solver, fn.file, param.decorators, param.type);
}

/** What arrives in a property such as `@Inject() private readonly mailer: Mailer`. */
export function injectedField(solver: Solver, { file, fact }: ClassNode, property: string): Tokens {
  const decorators = own(fact.fieldDecorators ?? {}, property);
  if (decorators === undefined) return NONE;
  const asksFor = decorationsOf(solver, file, decorators).some(({ api }) => api !== null && injectionOf(api) !== null);
  return asksFor ? injected(solver, file, decorators, own(fact.fieldTypes, property) ?? null) : NONE;
}

function injected(
  solver: Solver,
  file: FileNode,
  decorators: readonly CallId[] | undefined,
  type: string | null,
): Tokens {
  for (const decoration of decorationsOf(solver, file, decorators)) {
    const injection = decoration.api === null ? null : injectionOf(decoration.api);
    if (injection === null) continue;
    const found =
      injection.gives === "made"
        ? madeFor(solver, file, type, injection.made)
        : asked(solver, decoration, injection.gives);
    if (found.length > 0) return found;
  }
  return type === null ? NONE : ofType(solver, file, type);
}

/** What a package makes; a class of the app's own (a custom repository) where the type names one. */
function madeFor(solver: Solver, file: FileNode, type: string | null, api: string): Tokens {
  const own = type === null ? NONE : classTokens(solver, file, type).filter(({ kind }) => kind === "instance");
  const token = external(api);
  return own.length > 0 || token === null ? own : [token];
}

function asked(solver: Solver, decoration: Decoration, gives: "provider" | "argument"): Tokens {
  const tokens = named(solver, argumentOf(solver, decoration, 0));
  if (gives === "argument") return tokens;
  return solver.provided(tokens) ?? tokens.flatMap((token) => namespaceAt(solver, token) ?? selfProvided(token));
}

/** By the class that the type names: its provider when one is registered, else an instance of it. */
function ofType(solver: Solver, file: FileNode, type: string): Tokens {
  const classes = classTokens(solver, file, type);
  if (classes.length === 0) return typeTokens(solver, file, type);
  return union(classes.map((token) => solver.provided([token]) ?? [{ ...token, inferred: false }]));
}
