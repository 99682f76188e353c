/** Values as the model shows them: what is known of an argument or an option, resolved as far as it goes. */
import type { Known } from "../model.ts";
import type { Value } from "../summary.ts";
import { idOf, type FileNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import { type Env, type Token, type Tokens } from "./token.ts";

const UNKNOWN: Known = { kind: "unknown" };
/** Options nested deeper than this are of no use to anyone. */
const MAX_DEPTH = 5;

export function knownOf(solver: Solver, file: FileNode, value: Value, env: Env | null, depth = 0): Known {
  if (depth > MAX_DEPTH) return UNKNOWN;
  return ofTokens(solver, file, solver.evaluate(file, value, env), depth);
}

/** One meaning, or unknown: alternatives are only joined where one is an environment's and the other its default. */
function ofTokens(solver: Solver, file: FileNode, tokens: Tokens, depth: number): Known {
  const env = tokens.find((token) => token.kind === "env");
  if (env?.kind === "env") return ofEnv(file, env.name, tokens);
  const [only, another] = tokens;
  if (only === undefined) return UNKNOWN;
  const isOne = another === undefined || tokens.every((each) => sameApi(each, only));
  return isOne ? ofToken(solver, only, depth) : UNKNOWN;
}

function sameApi(a: Token, b: Token): boolean {
  return a.kind === "external" && b.kind === "external" && a.api === b.api;
}

function ofEnv({ summary }: FileNode, name: string, tokens: Tokens): Known {
  const beside = tokens.find((token) => token.kind === "literal");
  const written = beside?.kind === "literal" && typeof beside.value !== "boolean" ? beside.value : null;
  const noted = summary.env.find((each) => each.name === name && each.default !== null);
  return { kind: "env", name, default: written ?? noted?.default ?? null };
}

function ofToken(solver: Solver, token: Token, depth: number): Known {
  switch (token.kind) {
    case "literal":
      return { kind: "literal", value: token.value };
    case "external":
      return { kind: "external", api: token.api };
    case "fn":
      return { kind: "fn", fn: idOf(token.fn) };
    case "class":
    case "instance":
      return { kind: "class", name: token.class.fact.name ?? "", file: token.class.file.path };
    case "env":
      return { kind: "env", name: token.name, default: null };
    case "template":
      return { kind: "template", parts: templateParts(solver, token) };
    case "array": {
      const { file, value, env } = token;
      return { kind: "array", items: value.items.map((item) => knownOf(solver, file, item, env, depth + 1)) };
    }
    case "object":
      return ofObject(solver, token, depth);
    case "module":
      return UNKNOWN;
  }
}

function ofObject(solver: Solver, token: Extract<Token, { kind: "object" }>, depth: number): Known {
  const { file, value, env } = token;
  const entries: Record<string, Known> = {};
  let open = value.entries.some(({ key }) => key === "*");
  for (const spread of value.spreads) {
    const known = knownOf(solver, file, spread, env, depth + 1);
    if (known.kind === "object") Object.assign(entries, known.entries);
    open ||= known.kind !== "object" || known.open;
  }
  for (const { key, value: entry } of value.entries) {
    if (key !== "__proto__") entries[key] = knownOf(solver, file, entry, env, depth + 1);
  }
  return { kind: "object", entries, open };
}

/** Text parts, with what is known of the values between them filled in; null for what is not. */
function templateParts(solver: Solver, token: Extract<Token, { kind: "template" }>, depth = 0): (string | null)[] {
  return token.value.parts.flatMap((part) => {
    if (typeof part === "string") return [part];
    const tokens = solver.evaluate(token.file, part, token.env);
    return depth > MAX_DEPTH ? [null] : textParts(solver, tokens, depth);
  });
}

/** The text that tokens stand for; an environment's default counts as its text. */
function textParts(solver: Solver, tokens: Tokens, depth: number): (string | null)[] {
  const literal = tokens.find((token) => token.kind === "literal" && token.value !== null);
  if (literal?.kind === "literal") return [String(literal.value)];
  const template = tokens.find((token) => token.kind === "template");
  return template?.kind === "template" ? templateParts(solver, template, depth + 1) : [null];
}

/** The texts that a value can be, an array's items each; a part that is not known is written `*`. Empty when it is no text. */
export function textsOf(solver: Solver, tokens: Tokens): string[] {
  const array = tokens.find((token) => token.kind === "array");
  if (array?.kind === "array") {
    return array.value.items.flatMap((item) => textsOf(solver, solver.evaluate(array.file, item, array.env)));
  }
  if (!tokens.some((token) => isText(token))) return [];
  return [
    textParts(solver, tokens, 0)
      .map((part) => part ?? "*")
      .join(""),
  ];
}

function isText(token: Token): boolean {
  return (
    token.kind === "template" || token.kind === "env" || (token.kind === "literal" && typeof token.value === "string")
  );
}
