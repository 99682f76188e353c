/** Settings read through a configuration service: which environment name or constant stands behind `config.get("app.port")`. */
import type { Value } from "../summary.ts";
import type { CallNode, FileNode, Program } from "./program.ts";
import type { Solver } from "./solver.ts";
import { envToken, NONE, union, type Site, type Token, type Tokens } from "./token.ts";

const READS: ReadonlySet<string> = new Set([
  "@nestjs/config:ConfigService().get",
  "@nestjs/config:ConfigService().getOrThrow",
]);
const NAMESPACE = "@nestjs/config:registerAs()";
const ENV_NAME = /^[A-Z][A-Z0-9_]*$/;
const MAX_PATH = 6;

/** A function whose result is part of the configuration, under a name or at the top. */
interface Part {
  name: string | null;
  file: FileNode;
  value: Value;
}

const known = new WeakMap<Program, readonly Part[]>();

/** What reading a setting gives; nothing when the call reads none, or none that is known. */
export function readSetting(solver: Solver, api: string, site: Site): Tokens {
  if (!READS.has(api)) return NONE;
  const [wanted, fallback] = site.call.fact.args.map((arg) => solver.evaluate(site.call.file, arg, site.env));
  const name = wanted?.find((token) => token.kind === "literal");
  if (name?.kind !== "literal" || typeof name.value !== "string") return NONE;
  const found = setting(solver, name.value);
  const beside = (fallback ?? NONE).filter((token) => token.kind === "literal");
  return found.length > 0 ? union([found, beside]) : NONE;
}

function setting(solver: Solver, name: string): Tokens {
  const [first = "", ...rest] = name.split(".").slice(0, MAX_PATH);
  const found = partsOf(solver.program).flatMap((part) => {
    if (part.name !== null) return part.name === first ? along(solver, returned(solver, part), rest) : [];
    return along(solver, returned(solver, part), [first, ...rest]);
  });
  return found.length > 0 ? found : ENV_NAME.test(name) ? [envToken(name)] : NONE;
}

function along(solver: Solver, tokens: Tokens, path: readonly string[]): Tokens {
  return path.reduce<Tokens>((at, step) => union(at.map((token) => solver.member(token, step))), tokens);
}

function returned(solver: Solver, { file, value }: Part): Tokens {
  return union(
    solver.evaluate(file, value, null).map((token) => {
      if (token.kind !== "fn") return token.kind === "object" ? [token] : NONE;
      return union(token.fn.fact.returns.map((each) => solver.evaluate(token.fn.file, each, token.env)));
    }),
  );
}

/** `registerAs("app", () => ({ ... }))` and the functions that `ConfigModule.forRoot({ load: [...] })` names. */
function partsOf(program: Program): readonly Part[] {
  const parts = known.get(program) ?? program.calls.flatMap(partsAt);
  known.set(program, parts);
  return parts;
}

function partsAt({ file, fact: { callee, args } }: CallNode): Part[] {
  const [first, second] = args;
  if (callee.kind === "imported" && callee.name === "registerAs" && second !== undefined) {
    return first?.kind === "literal" ? [{ name: String(first.value), file, value: second }] : [];
  }
  const isLoading = callee.kind === "member" && callee.property === "forRoot" && first?.kind === "object";
  const load = isLoading ? first.entries.find(({ key }) => key === "load")?.value : undefined;
  return load?.kind === "array" ? load.items.map((value) => ({ name: null, file, value })) : [];
}

/** The values of a namespace that is injected as a whole: `@Inject(appConfig.KEY)`; null when the token is none's key. */
export function namespaceAt(solver: Solver, token: Token): Tokens | null {
  if (token.kind !== "external" || token.via === null || token.api !== `${NAMESPACE}.KEY`) return null;
  const { call } = token.via;
  const value = call.fact.args[1];
  return value === undefined ? NONE : returned(solver, { name: null, file: call.file, value });
}
