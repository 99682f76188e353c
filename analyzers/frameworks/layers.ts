/** Wrapped handlers: `withError(withAuth(handler))` is the app's own function with two layers around it. */
import { optionFunctions } from "../link/option-functions.ts";
import { idOf, type FnNode } from "../link/program.ts";
import { runsWith, usesOfParam, usesOfParts } from "../link/invocations.ts";
import type { External, FnToken, Token, Tokens } from "../link/token.ts";
import type { Handler, Place } from "../model.ts";
import type { LinkedApp } from "./framework.ts";

/** What runs for a request: the layers from the outside in, then the work itself. */
export interface Layered {
  wrappers: Handler[];
  work: Handler;
}

type Layer = FnToken | External;

/** Wrappers around wrappers. */
const MAX_LAYERS = 10;

/**
 * The layers of what stands at a conventional place. `home` is the file of that place: where a wrapper is given several
 * functions, the work is the one that is written there.
 */
export function layersOf(app: LinkedApp, tokens: Tokens, at: Place): Layered {
  const [first] = tokens.filter((token) => token.kind === "fn" || token.kind === "external");
  const layers = first === undefined ? [] : layersFrom(app, first, at.file, new Set());
  const own = layers.filter((layer) => layer.kind === "fn");
  const work = own.findLast(({ fn }) => fn.file.path === at.file) ?? own.at(-1) ?? layers.at(-1);
  if (work === undefined) return { wrappers: [], work: { fn: null, api: null, place: at, construction: null } };
  const until = layers.indexOf(work);
  const wrappers = layers.slice(0, until).map((layer) => handlerOf(app, layer, at));
  // What a package was configured with runs where the package does the work, not where it stands before it.
  const also = work.kind === "fn" ? [] : optionFunctions(app.linked.solver, work).map(idOf);
  return { wrappers, work: { ...handlerOf(app, work, at), ...(also.length === 0 ? {} : { also }) } };
}

function layersFrom(app: LinkedApp, layer: Layer, home: string, seen: Set<string>): Layer[] {
  if (seen.has(layer.key) || seen.size > MAX_LAYERS) return [];
  seen.add(layer.key);
  const inner = layer.kind === "fn" ? runByWrapper(app, layer) : givenToPackage(app, layer);
  const below = inner.map((each) => layersFrom(app, each, home, seen)).filter((each) => each.some(isOwn));
  const chosen = below.find((each) => each.some((one) => one.kind === "fn" && one.fn.file.path === home)) ?? below[0];
  return [layer, ...(chosen ?? [])];
}

function isOwn(layer: Layer): boolean {
  return layer.kind === "fn";
}

const isLayer = (token: Token): token is Layer => token.kind === "fn" || token.kind === "external";

/** What a wrapper's result calls of what the wrapper was given, as a parameter or among its options; the plainest first. */
function runByWrapper({ linked: { solver } }: LinkedApp, token: FnToken): Layer[] {
  const called: Layer[] = [];
  const handedOn: Layer[] = [];
  for (let env = token.env; env !== null; env = env.lexical) {
    const { fn } = env;
    for (const index of fn.fact.params.keys()) {
      const given = solver.evaluate(fn.file, { kind: "param", fn: fn.index, index }, env);
      const uses = usesOfParam(fn, index).filter(({ call }) => runsWith(call.fn, token.fn));
      if (uses.some(({ argument }) => argument === null)) called.push(...given.filter(isLayer));
      else if (uses.length > 0) handedOn.push(...given.filter((each) => each.kind === "fn"));
      const parts = usesOfParts(fn, index).filter(({ call }) => runsWith(call.fn, token.fn));
      for (const { property } of parts) {
        for (const each of given)
          if (each.kind === "object") called.push(...solver.member(each, property).filter(isLayer));
      }
    }
  }
  return [...called, ...handedOn];
}

/** What a package's wrapper was given: functions, or options that hold one under a name by which handlers go. */
function givenToPackage({ linked: { solver } }: LinkedApp, { via }: External): Layer[] {
  if (via === null) return [];
  const tokens = via.call.fact.args.flatMap((arg) => solver.evaluate(via.call.file, arg, via.env));
  const direct = tokens.filter((token) => token.kind === "fn" || (token.kind === "external" && token.via !== null));
  const named = tokens.flatMap((token) =>
    token.kind === "object" ? HANDLER_NAMES.flatMap((name) => solver.member(token, name)) : [],
  );
  return [...direct, ...named].filter(isLayer);
}

const HANDLER_NAMES = ["handler", "resolve", "fetch"];

function handlerOf(app: LinkedApp, layer: Layer, at: Place): Handler {
  if (layer.kind === "fn") return ownHandler(layer.fn);
  const made = layer.via ?? layer.made;
  const construction = made === null ? null : app.sites.call(made.call);
  const place = construction === null ? at : { file: construction.file, line: construction.line };
  return { fn: null, api: layer.api, place, construction };
}

export function ownHandler(fn: FnNode): Handler {
  return { fn: idOf(fn), api: null, place: { file: fn.file.path, line: fn.fact.span.line }, construction: null };
}
