/** Where an outgoing HTTP call goes, as far as its address is written: in the call, in its client's options, in a setting's default. */
import type { Value } from "../summary.ts";
import { textsOf } from "./known.ts";
import type { CallNode, FileNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import type { Env, External, Token } from "./token.ts";

/** Options that hold a whole address, or its first part. */
const ADDRESS = ["url", "uri", "href"];
const HOST = ["hostname", "host"];
const BASE = ["baseURL", "baseUrl", "prefixUrl", "origin"];
const MAX_DEPTH = 4;

/** Every address that the call may have; `*` stands for unknown parts, `$NAME` for a setting. Empty when nothing is known. */
export function addressesOf(solver: Solver, call: CallNode, { made }: Pick<External, "made">): string[] {
  const [target] = call.fact.args;
  const own = target === undefined ? [] : addressesIn(solver, call.file, target, null, 0);
  if (made === null || made.call === call || own.some((each) => each.includes("://"))) return own;
  const bases = basesOf(solver, made.call.file, made.call.fact.args, made.env);
  if (bases.length === 0) return own;
  return bases.flatMap((base) => (own.length === 0 ? [base] : own.map((path) => joined(base, path))));
}

function addressesIn(solver: Solver, file: FileNode, value: Value, env: Env | null, depth: number): string[] {
  if (depth > MAX_DEPTH) return [];
  const tokens = solver.evaluate(file, value, env);
  return [...new Set(tokens.flatMap((token) => addressesOfToken(solver, token, depth)))];
}

function addressesOfToken(solver: Solver, token: Token, depth: number): string[] {
  switch (token.kind) {
    case "literal":
    case "template":
      return textsOf(solver, [token]);
    case "env":
      return [`$${token.name}`];
    case "external":
      return builtUrl(solver, token, depth);
    case "object":
      return fromOptions(solver, token, depth);
    default:
      return [];
  }
}

/** `new URL(path, base)`, `new Request(url)`. */
function builtUrl(solver: Solver, { api, via }: External, depth: number): string[] {
  if (via === null || !/^(global|node:url):(URL|Request)\(\)$/.test(api)) return [];
  const { file, fact } = via.call;
  const [first, second] = fact.args.map((arg) => addressesIn(solver, file, arg, via.env, depth + 1));
  const base = second?.[0];
  return (first ?? []).map((path) => (base === undefined || path.includes("://") ? path : joined(base, path)));
}

function fromOptions(solver: Solver, token: Extract<Token, { kind: "object" }>, depth: number): string[] {
  const option = (names: readonly string[]): string[] =>
    token.value.entries
      .filter(({ key }) => names.includes(key))
      .flatMap(({ value }) => addressesIn(solver, token.file, value, token.env, depth + 1));
  const whole = option(ADDRESS);
  const [base] = option(BASE);
  if (whole.length > 0) return base === undefined ? whole : whole.map((path) => joined(base, path));
  const paths = option(["path", "pathname"]);
  return option(HOST).flatMap((host) =>
    (paths.length > 0 ? paths : [""]).map((path) => joined(`https://${host}`, path)),
  );
}

function basesOf(solver: Solver, file: FileNode, args: readonly Value[], env: Env | null): string[] {
  return args.flatMap((arg) =>
    solver
      .evaluate(file, arg, env)
      .flatMap((token) =>
        token.kind !== "object"
          ? []
          : token.value.entries
              .filter(({ key }) => BASE.includes(key))
              .flatMap(({ value }) => addressesIn(solver, token.file, value, token.env, 0)),
      ),
  );
}

function joined(base: string, path: string): string {
  if (path === "" || path.includes("://")) return path === "" ? base : path;
  return `${base.replace(/\/$/, "")}/${path.replace(/^\//, "")}`;
}
