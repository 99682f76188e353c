/** Uses: every call whose callee comes from a package, a builtin or a global, with what it does to the world. */
import { kindOfAddress } from "../libraries/hosts.ts";
import { libraryOf, type LibraryFact } from "../libraries/index.ts";
import type { SinkKind, Use } from "../model.ts";
import { addressesOf } from "./addresses.ts";
import { packageName } from "./modules.ts";
import { isLanguage } from "./natives.ts";
import { split } from "./pattern.ts";
import type { CallNode } from "./program.ts";
import type { Linked } from "./rounds.ts";
import type { Sites } from "./sites.ts";
import type { Solver } from "./solver.ts";
import { NONE, type External } from "./token.ts";

/** Methods of promises and functions: steps on the way, not uses of the package. */
const STEPS = /\.(then|catch|finally|bind|call|apply)$/;
const WRITING = /^[\s(]*(insert|update|delete|replace|merge|truncate|create|alter|drop|begin|commit|rollback|call)\b/i;

export function findUses({ solver, callees }: Linked, sites: Sites): Use[] {
  const facts = new Map<string, LibraryFact | null>();
  const factOf = (api: string) => {
    const known = facts.get(api);
    const fact = known === undefined ? libraryOf(api) : known;
    facts.set(api, fact);
    return fact;
  };
  return solver.program.calls.flatMap((call) => {
    const tokens = callees[call.uid] ?? NONE;
    if (tokens.length === 0 || call.fact.use === "rendered") return [];
    const externals = tokens.filter((token) => token.kind === "external");
    const apis = new Map(externals.map((token) => [token.api, token]));
    return [...apis.values()].filter(isUse).map((token) => useOf(solver, sites, call, token, factOf(token.api)));
  });
}

function isUse({ api }: External): boolean {
  return !isLanguage(api) && !STEPS.test(api);
}

const chains = new WeakMap<Use, readonly CallNode[]>();

/** The calls in a use's api path, the first one first. */
export function callsIn(use: Use): readonly CallNode[] {
  return chains.get(use) ?? [];
}

function useOf(solver: Solver, sites: Sites, call: CallNode, token: External, fact: LibraryFact | null): Use {
  const made = token.made === null || token.made.call === call ? null : token.made.call;
  const addresses = fact?.kind === "http" ? addressesOf(solver, call, token) : null;
  const use: Use = {
    api: token.api,
    package: packageOf(token.api),
    kind: addresses === null ? kindOf(solver, call, fact) : kindOfRequest(call, token.api, addresses),
    ...(addresses === null ? {} : { addresses }),
    call: sites.call(call),
    construction: made === null ? null : sites.call(made),
    certainty: token.inferred ? "inferred" : "proven",
  };
  chains.set(use, token.calls);
  return use;
}

/** `nodemailer`, `@scope/name`, `node:fs`, `global`. */
function packageOf(api: string): string {
  const { specifier } = split(api);
  return /^(?:node|pypi):/.test(specifier) ? specifier : packageName(specifier);
}

/** A request that changes something at a host that is known does what the host is for; all its addresses must agree. */
function kindOfRequest(call: CallNode, api: string, addresses: readonly string[]): SinkKind {
  const written = addresses.filter((address) => address.includes("://") || address.startsWith("*/"));
  const [first, ...others] = new Set(written.map(kindOfAddress));
  if (first === undefined || first === null || others.length > 0) return "http";
  return first !== "payment" && isReading(call, api) ? "http" : first;
}

/** Asks only: `axios.get(url)`, `fetch(url)`, `{ method: "GET" }`. */
function isReading({ fact: { args } }: CallNode, api: string): boolean {
  if (/[.:](get|head|options)$/.test(api)) return true;
  if (args.length === 1 && /[.:]fetch$|^(node|cross|isomorphic)-fetch:/.test(api)) return args[0]?.kind !== "object";
  const methods = args.flatMap((arg) =>
    arg.kind === "object" ? arg.entries.flatMap(({ key, value }) => (key === "method" ? [value] : [])) : [],
  );
  // Options that are all written out and name no method: `fetch(url, { headers })`.
  const [, options, ...others] = args;
  const isPlain =
    /^global:fetch$/.test(api) && others.length === 0 && options?.kind === "object" && options.spreads.length === 0;
  if (methods.length === 0 && isPlain) return true;
  return methods.some((value) => value.kind === "literal" && /^(get|head)$/i.test(String(value.value)));
}

/** SQL tells by its first word whether it writes; where a call gets several texts, only if all of them do. */
function kindOf(solver: Solver, call: CallNode, fact: LibraryFact | null): SinkKind | null {
  if (fact === null || fact.sql === undefined) return fact?.kind ?? null;
  const text = call.fact.args[fact.sql];
  const tokens = text === undefined ? NONE : solver.evaluate(call.file, text, null);
  const texts = tokens.map(textOf).filter((each) => each !== "");
  return texts.length > 0 && texts.every((each) => WRITING.test(each)) ? "database-write" : fact.kind;
}

function textOf(token: (typeof NONE)[number]): string {
  if (token.kind === "literal") return String(token.value);
  if (token.kind === "template") return token.value.parts.find((part) => typeof part === "string") ?? "";
  const entry =
    token.kind === "object" ? token.value.entries.find(({ key }) => key === "text" || key === "sql") : undefined;
  return entry?.value.kind === "literal" ? String(entry.value.value) : "";
}
