/** Nest modules: what an app is put together from, followed through imports from its root module. */
import { classDecorations, optionOf } from "./classes.ts";
import { joinPaths } from "../routing/paths.ts";
import { textsOf } from "../../link/known.ts";
import { itemsOf } from "../../link/lists.ts";
import type { ClassNode } from "../../link/program.ts";
import { named } from "../../link/providers.ts";
import type { Solver } from "../../link/solver.ts";
import { classToken, NONE, union, type Token, type Tokens } from "../../link/token.ts";

/** Everything that belongs to one app. */
export interface Closure {
  modules: ReadonlySet<ClassNode>;
  /** Controllers, each with the modules that name it. */
  controllers: ReadonlyMap<ClassNode, readonly ClassNode[]>;
  /** What stands in the modules' `providers`: classes and `{ provide, ... }` objects. */
  providers: readonly Token[];
  /** Path that `RouterModule` puts before the controllers of a module. */
  prefixes: ReadonlyMap<ClassNode, string>;
  /** True when some import could not be followed, so that there may be more. */
  open: boolean;
}

const MODULE = "@nestjs/common:Module";
const ROUTERS = /^(@nestjs\/core:RouterModule\.register|nest-router:RouterModule\.forRoutes)\(\)$/;
/** Modules of packages whose first argument is a module that they import under a condition. */
const CONDITIONAL = /^@nestjs\/config:ConditionalModule\.registerWhen\(\)$/;

/** What a module says of itself. */
interface Said {
  node: ClassNode | null;
  imports: Tokens[];
  controllers: Tokens[];
  providers: Tokens[];
}

/** Whether a class is a Nest module. */
function isModule(solver: Solver, node: ClassNode): boolean {
  return classDecorations(solver, node).some(({ api }) => api === MODULE);
}

/** Follows the imports of an app's root module; dynamic modules and `forwardRef` included, cycles end. */
export function closureOf(solver: Solver, root: Tokens): Closure {
  const modules = new Set<ClassNode>();
  const controllers = new Map<ClassNode, ClassNode[]>();
  const providers: Token[] = [];
  const prefixes = new Map<ClassNode, string>();
  const seen = new Set<string>();
  let open = root.length === 0;
  const waiting: Token[] = [...root];
  for (let token = waiting.shift(); token !== undefined; token = waiting.shift()) {
    if (seen.has(token.key)) continue;
    seen.add(token.key);
    if (token.kind === "external") readForeign(solver, token, prefixes, waiting);
    for (const said of saidBy(solver, token)) {
      if (said.node !== null) modules.add(said.node);
      open ||= said.imports.some((each) => each.length === 0);
      waiting.push(...said.imports.flatMap((each) => named(solver, each)));
      providers.push(...said.providers.flat());
      for (const controller of said.controllers.flat()) {
        if (controller.kind !== "class") continue;
        const known = controllers.get(controller.class) ?? [];
        controllers.set(controller.class, said.node === null ? known : [...known, said.node]);
      }
    }
  }
  return { modules, controllers, providers, prefixes, open };
}

/** A module's class says what its decorator does; a dynamic module says that of its class, and more. */
function saidBy(solver: Solver, token: Token): Said[] {
  if (token.kind === "class" || token.kind === "instance") {
    const decoration = classDecorations(solver, token.class).find(({ api }) => api === MODULE);
    if (decoration === undefined) return [];
    const list = (name: string): Tokens[] => itemsOf(solver, optionOf(solver, decoration, name));
    return [
      { node: token.class, imports: list("imports"), controllers: list("controllers"), providers: list("providers") },
    ];
  }
  if (token.kind !== "object") return [];
  const list = (name: string): Tokens[] => itemsOf(solver, solver.member(token, name));
  const classes = solver.member(token, "module").flatMap((each) => (each.kind === "class" ? [each] : []));
  const extra = { imports: list("imports"), controllers: list("controllers"), providers: list("providers") };
  return [...classes.flatMap((each) => saidBy(solver, each)), { node: classes[0]?.class ?? null, ...extra }];
}

function readForeign(
  solver: Solver,
  token: Extract<Token, { kind: "external" }>,
  prefixes: Map<ClassNode, string>,
  waiting: Token[],
): void {
  const { via } = token;
  const first = via?.call.fact.args[0];
  if (via === null || first === undefined) return;
  const given = solver.evaluate(via.call.file, first, via.env);
  if (CONDITIONAL.test(token.api)) waiting.push(...given);
  if (ROUTERS.test(token.api)) readTree(solver, itemsOf(solver, given), "", prefixes, 0);
}

const MAX_TREE = 8;

/** `[{ path: "admin", module: AdminModule, children: [UsersModule, { path, module }] }]`. */
function readTree(
  solver: Solver,
  nodes: readonly Tokens[],
  before: string,
  prefixes: Map<ClassNode, string>,
  depth: number,
): void {
  if (depth > MAX_TREE) return;
  for (const tokens of nodes) {
    for (const token of tokens) {
      if (token.kind === "class") prefixes.set(token.class, before);
      if (token.kind !== "object") continue;
      const [text = ""] = textsOf(solver, solver.member(token, "path"));
      const path = joinPaths(before, { text, isRegex: false });
      for (const each of solver.member(token, "module")) if (each.kind === "class") prefixes.set(each.class, path);
      readTree(solver, itemsOf(solver, solver.member(token, "children")), path, prefixes, depth + 1);
    }
  }
}

/** What every module of the program names, for the controllers of an app whose own modules could not be followed. */
export function everything(solver: Solver): Closure {
  const all = [...solver.program.files.values()].flatMap((file) => file.classes);
  const roots: Token[] = all.flatMap((node) =>
    node.fact.decorators.length > 0 && isModule(solver, node) ? [classToken(node)] : [],
  );
  return closureOf(solver, roots);
}

/** The classes that the container constructs for an app. */
export function providedClasses(solver: Solver, { providers }: Closure): ClassNode[] {
  const tokens = providers.flatMap((token) => (token.kind === "object" ? solver.member(token, "useClass") : [token]));
  return [...new Set(tokens.flatMap((token) => (token.kind === "class" ? [token.class] : [])))];
}

/** The values of providers registered under a token of a package, such as `APP_GUARD`. */
export function registeredAs(solver: Solver, { providers }: Closure, api: string): Tokens[] {
  return providers.flatMap((provider) => {
    if (provider.kind !== "object") return [];
    const isIt = solver.member(provider, "provide").some((token) => token.kind === "external" && token.api === api);
    if (!isIt) return [];
    const given = ["useClass", "useExisting", "useValue"].map((key) => solver.member(provider, key));
    const fromFactory = solver.member(provider, "useFactory").map((token) => factoryResult(solver, token));
    const tokens = union([...given, ...fromFactory]);
    return [tokens];
  });
}

function factoryResult(solver: Solver, token: Token): Tokens {
  if (token.kind !== "fn") return NONE;
  return union(token.fn.fact.returns.map((each) => solver.evaluate(token.fn.file, each, token.env)));
}
