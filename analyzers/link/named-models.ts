/** Objects that are filled in a loop over a folder: `db[model.name] = require(join(__dirname, file))(sequelize)`, read as `db.User`. */
import { loadedModules } from "./loaders.ts";
import { behindName, type CallNode, type FileNode } from "./program.ts";
import type { Solver, Written } from "./solver.ts";
import { asInferred, fnToken, NONE, union, type ObjectToken, type Token, type Tokens } from "./token.ts";

/** What the object keeps under a name that no line writes out: of the modules in the folder the one whose model is called so. */
export function keptUnder(solver: Solver, token: ObjectToken, property: string): Tokens {
  const filled = solver.properties.get(token.key)?.get("*") ?? [];
  const found = filled.flatMap((written) => modelsIn(solver, written)).filter((each) => isCalled(each, property));
  return found.length === 0 ? NONE : asInferred(union([found]));
}

function modelsIn(solver: Solver, { file, value }: Written): Tokens {
  const call = callBehind(file, value);
  if (call === null) return NONE;
  const loading = callBehind(file, call.fact.callee);
  if (loading === null) return loadedModules(solver, call).flatMap((each) => solver.wholeModule(each));
  return loadedModules(solver, loading).flatMap((each) =>
    solver.wholeModule(each).flatMap((made) => resultIn(solver, made, call)),
  );
}

function callBehind(file: FileNode, value: CallNode["fact"]["callee"]): CallNode | null {
  const read = behindName(file, value);
  return read.kind === "call" ? (file.calls[read.call] ?? null) : null;
}

/** What one module's function gives for this call, which in the text is the call of all of them. */
function resultIn(solver: Solver, token: Token, call: CallNode): Tokens {
  if (token.kind !== "fn") return NONE;
  const env = solver.enter(fnToken(token.fn, token.env, token.self), { call, env: null });
  return token.fn.fact.returns.flatMap((each) => solver.evaluate(token.fn.file, each, env));
}

function isCalled(token: Token, name: string): boolean {
  const own =
    token.kind === "class" ? token.class.fact.name : token.kind === "external" ? nameGiven(token.via?.call) : null;
  return own !== null && plain(own) === plain(name);
}

/** `define("users", ...)`, `model("User", schema)` */
function nameGiven(call: CallNode | undefined): string | null {
  const [first] = call?.fact.args ?? [];
  return first?.kind === "literal" && typeof first.value === "string" ? first.value : null;
}

/** `Users`, `users` and `user` are one model, as `OrderItems` and `order_items` are. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replace(/ies$/, "y")
    .replace(/s$/, "");
}
