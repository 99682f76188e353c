/** Classes with what they inherit: decorators and methods, the nearest ones first. */
import { argumentOf, decorationsOf, type Decoration } from "../../link/decorations.ts";
import type { Route } from "../../model.ts";
import type { LinkedApp } from "../framework.ts";
import type { ClassNode, FnNode } from "../../link/program.ts";
import type { Solver } from "../../link/solver.ts";
import { NONE, type Env, type Tokens } from "../../link/token.ts";

const MAX_HERITAGE = 8;

/** A method of a class, written in it or in one that it extends. */
export interface Method {
  name: string;
  owner: ClassNode;
  fn: FnNode;
  decorations: readonly Decoration[];
}

/** A class in a line of heritage; `env` is that of the function which made it, where one did. */
interface Forebear {
  node: ClassNode;
  env: Env | null;
}

/** The class and those of the app's own that it extends, nearest first. */
function lineageOf(solver: Solver, node: ClassNode): Forebear[] {
  const found: Forebear[] = [{ node, env: null }];
  for (const each of found) {
    const parents = found.length > MAX_HERITAGE ? NONE : parentsOf(solver, each);
    const parent = parents.find((token) => token.kind === "class");
    if (parent?.kind === "class" && !found.some((other) => other.node === parent.class)) {
      found.push({ node: parent.class, env: parent.env });
    }
  }
  return found;
}

function parentsOf(solver: Solver, { node: { file, fact }, env }: Forebear): Tokens {
  return fact.extends === null ? NONE : solver.evaluate(file, fact.extends, env);
}

/** What the furthest class of the app's own extends, when that comes from a package. */
export function foreignParent(solver: Solver, node: ClassNode): Tokens {
  const last = lineageOf(solver, node).at(-1);
  return last === undefined ? NONE : parentsOf(solver, last).filter((token) => token.kind === "external");
}

/** The decorators of a class; one that it does not have itself is inherited. */
export function classDecorations(solver: Solver, node: ClassNode): Decoration[] {
  const byClass = lineageOf(solver, node).map(({ node: { file, fact }, env }) =>
    decorationsOf(solver, file, fact.decorators, env),
  );
  return byClass.flatMap((decorations, index) =>
    decorations.filter(({ api }) => {
      const nearer = byClass.slice(0, index);
      return !nearer.some((each) => each.some((other) => other.api === api));
    }),
  );
}

/** Instance methods by name; one that overrides another hides it, decorators included. */
export function methodsOf(solver: Solver, node: ClassNode): Method[] {
  const found = new Map<string, Method>();
  for (const { node: owner, env } of lineageOf(solver, node)) {
    for (const member of owner.fact.members) {
      const fn = owner.file.fns[member.fn];
      // A computed name hides nothing.
      const key = member.name === "*" ? `* ${owner.uid}/${member.fn}` : member.name;
      if (member.static || member.name === "constructor" || fn === undefined || found.has(key)) continue;
      const decorations = decorationsOf(solver, owner.file, member.decorators, env);
      found.set(key, { name: member.name, owner, fn, decorations });
    }
  }
  return [...found.values()];
}

/** The class's own method or that of one it extends. */
export function methodNamed(solver: Solver, node: ClassNode, name: string): FnNode | null {
  for (const { node: each } of lineageOf(solver, node)) {
    const member = each.fact.members.find((other) => other.name === name && !other.static);
    if (member !== undefined) return each.file.fns[member.fn] ?? null;
  }
  return null;
}

/** A property of what a decoration's argument is: `@Controller({ path: "x" })`. */
export function optionOf(solver: Solver, decoration: Decoration, name: string): Tokens {
  return argumentOf(solver, decoration, 0).flatMap((token) =>
    token.kind === "object" ? solver.member(token, name) : NONE,
  );
}

/** Decorators by which an app says something of its own: those that only leave metadata, and those that no package made. */
const METADATA = /^(@nestjs\/common:SetMetadata|@nestjs\/core:Reflector\.createDecorator\(\))$/;

/** The app's own decorators among these, by the name they are written with. */
export function marksIn({ sites }: LinkedApp, decorations: readonly Decoration[]): NonNullable<Route["marks"]> {
  const own = decorations.filter(
    ({ api, site, written }) => api === null || METADATA.test(api) || site.call !== written,
  );
  const calls = new Set(own.map(({ written }) => written));
  return [...calls].flatMap((call) => {
    const { callee } = call.fact;
    const name =
      callee.kind === "imported" || callee.kind === "name"
        ? callee.name
        : callee.kind === "member"
          ? callee.property
          : null;
    return name === null ? [] : [{ name, call: sites.call(call) }];
  });
}
