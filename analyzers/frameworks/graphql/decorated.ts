/** Resolver classes: methods decorated as queries, mutations, subscriptions and fields, of Nest and TypeGraphQL. */
import type { LinkedApp } from "../framework.ts";
import { classDecorations, marksIn, methodsOf, type Method } from "../nest/classes.ts";
import { argumentOf, type Decoration } from "../../link/decorations.ts";
import { idOf, type ClassNode } from "../../link/program.ts";
import { textsOf } from "../../link/known.ts";
import type { Solver } from "../../link/solver.ts";
import type { Token, Tokens } from "../../link/token.ts";
import type { Handler } from "../../model.ts";
import type { Field } from "./fields.ts";

const PACKAGE = /^(@nestjs\/graphql|type-graphql):/;
const ROOTS: ReadonlySet<string> = new Set(["Query", "Mutation", "Subscription"]);
const FIELDS: ReadonlySet<string> = new Set(["ResolveField", "ResolveProperty", "ResolveReference", "FieldResolver"]);

/** The decorator's name when a GraphQL package has it. */
function nameIn({ api }: Decoration): string | null {
  return api !== null && PACKAGE.test(api) ? api.slice(api.indexOf(":") + 1) : null;
}

/** Whether a class of the package's is a resolver: by its own decorator, or by one of a method's where that is enough. */
export function isResolver(solver: Solver, node: ClassNode, specifier: string): boolean {
  if (classDecorations(solver, node).some(({ api }) => api === `${specifier}:Resolver`)) return true;
  const operations = [...ROOTS].map((name) => `${specifier}:${name}`);
  return methodsOf(solver, node).some(({ decorations }) =>
    decorations.some(({ api }) => api !== null && operations.includes(api)),
  );
}

/** Every field of a resolver class; `middlewareOf` says what runs before one. */
export function decoratedFields(
  app: LinkedApp,
  node: ClassNode,
  middlewareOf: (ofClass: readonly Decoration[], method: Method) => Handler[],
): Field[] {
  const { solver } = app.linked;
  const ofClass = classDecorations(solver, node);
  const resolver = ofClass.find((each) => nameIn(each) === "Resolver");
  const owner = resolver === undefined ? null : typeNamed(solver, argumentOf(solver, resolver, 0));
  return methodsOf(solver, node).flatMap((method) =>
    method.decorations.flatMap((decoration) => {
      const kind = nameIn(decoration);
      if (kind === null || !(ROOTS.has(kind) || FIELDS.has(kind))) return [];
      const type = ROOTS.has(kind) ? kind : (owner ?? "*");
      const name = kind === "ResolveReference" ? "__resolveReference" : fieldName(solver, decoration, method.name);
      const marks = marksIn(app, [...method.decorations, ...ofClass]);
      return [{ ...fieldAt(app, type, name, method, decoration), middleware: middlewareOf(ofClass, method), marks }];
    }),
  );
}

function fieldAt(
  app: LinkedApp,
  type: string,
  name: string,
  { fn }: Method,
  { written }: Decoration,
): Omit<Field, "middleware"> {
  const place = { file: fn.file.path, line: fn.fact.span.line };
  return {
    type,
    name,
    place: { file: written.file.path, line: written.fact.span.line },
    handlers: [{ fn: idOf(fn), api: null, place, construction: null }],
    registration: app.sites.call(written),
  };
}

/** `@Query("users")`, `@Query(() => User, { name: "users" })`, else the method's own name. */
function fieldName(solver: Solver, decoration: Decoration, method: string): string {
  for (const index of decoration.site.call.fact.args.keys()) {
    const tokens = argumentOf(solver, decoration, index);
    const option = tokens.flatMap((each) => (each.kind === "object" ? solver.member(each, "name") : []));
    const texts = [...textsOf(solver, tokens), ...textsOf(solver, option)];
    if (texts.length > 0) return isOne(option) && isOne(tokens) ? (texts[0] ?? "*") : "*";
    if (tokens.some((each) => each.kind === "object" && each.value.entries.some(({ key }) => key === "name")))
      return "*";
  }
  return method;
}

/** A class that a function makes has one name per caller: then it is not known here. */
function isOne(tokens: Tokens): boolean {
  return tokens.filter((each) => each.kind === "literal" || each.kind === "template").length < 2;
}

function textIn(tokens: Tokens): string | null {
  const token = tokens.find((each) => each.kind === "literal");
  return token?.kind === "literal" && typeof token.value === "string" ? token.value : null;
}

/** The name of the type that `@Resolver("User")`, `@Resolver(User)` or `@Resolver(() => User)` is about. */
function typeNamed(solver: Solver, tokens: Tokens): string | null {
  for (const token of tokens) {
    if (token.kind === "literal" && typeof token.value === "string") return token.value;
    if (token.kind === "class") return typeOfClass(solver, token.class);
    if (token.kind !== "fn") continue;
    const returned: Token[] = token.fn.fact.returns.flatMap((value) =>
      solver.evaluate(token.fn.file, value, token.env),
    );
    const found = returned.find((each) => each.kind === "class");
    if (found?.kind === "class") return typeOfClass(solver, found.class);
  }
  return null;
}

function typeOfClass(solver: Solver, node: ClassNode): string {
  const decoration = classDecorations(solver, node).find((each) =>
    ["ObjectType", "InterfaceType"].includes(nameIn(each) ?? ""),
  );
  const named = decoration === undefined ? null : textIn(argumentOf(solver, decoration, 0));
  return named ?? node.fact.name ?? "*";
}
