/** Chooses, between route and outside call, the call that becomes a job: the outermost one that can be moved safely. */
import { textOf } from "../../analyzers/code/text.ts";
import { indexIn } from "../../analyzers/ids.ts";
import { closureOf } from "../../analyzers/code/closure.ts";
import type { CallSite, Fn, Model, Reach, SinkKind } from "../../analyzers/model.ts";
import { resolved } from "../loaded-by.ts";
import { asksMongoose, doesPrimaryWork, startsServer } from "./moved-code.ts";
import { providerOf, type Provider } from "./nest.ts";
import { obstacleIn } from "./plain-values.ts";
import { standsAlone } from "./statement.ts";
import type { Work } from "./work.ts";

/** A call whose place an `enqueue` takes. */
export interface Move {
  call: CallSite;
  /** `mailService.sendReceipt`; of what Nest hands out: the class and its method. */
  callee: { root: string; members: string[] };
  /** What Nest hands out and the call is made on; null for a plain function. */
  provider: Provider | null;
  job: string;
}

export interface MovePlan {
  moves: Move[];
  /** Why some way to the work stays as it is; null when all of them move. */
  obstacle: string | null;
}

/** The moves that take the works out of every route that reaches them. */
export function planFor(works: readonly Work[], model: Model): MovePlan {
  const moves = new Map<string, Move>();
  let obstacle: string | null = null;
  for (const { use, waiting, detached } of works) {
    for (const reach of [...waiting, ...detached]) {
      const chosen = choose(reach, use.call, model);
      if ("obstacle" in chosen) obstacle ??= chosen.obstacle;
      else for (const move of chosen.moves) moves.set(move.call.id, move);
    }
  }
  if (moves.size === 0) obstacle ??= "no way from a route to it can be followed call by call";
  return { moves: [...moves.values()], obstacle };
}

function choose(reach: Reach, sink: CallSite, model: Model): { moves: Move[] } | { obstacle: string } {
  const calls = [...reach.calls.filter(({ id }) => id !== sink.id), sink];
  let obstacle = "no call on the way can be made by another process";
  for (const call of calls) {
    const targets = call.id === sink.id ? [] : model.targets(call);
    if (call.id !== sink.id && targets.length === 0) continue;
    const others = targets.flatMap(({ id }) => model.callers(id)).filter(({ id }) => id !== call.id);
    const sites = [call, ...others.filter((site) => isOnRoute(site, model))];
    const problems = sites.map((site) => problemOf(site, targets, model));
    const problem = problems.find((found) => found !== null) ?? null;
    if (problem === null) return { moves: sites.flatMap((site) => moveOf(site, model) ?? []) };
    obstacle = problem;
  }
  return { obstacle };
}

function isOnRoute(site: CallSite, model: Model): boolean {
  return model.context(site.file) === "server" && model.reach(site).some(({ entry }) => entry.kind === "route");
}

/** Why this call cannot become a job; null when it can. */
function problemOf(site: CallSite, targets: readonly Fn[], model: Model): string | null {
  const name = moveOf(site, model);
  if (name === null) return "it hangs on a value that is made inside the request";
  const shown = [name.callee.root, ...name.callee.members].join(".");
  if (!standsAlone(site, model)) return `the result of \`${shown}\` is used`;
  if (targets.some((target) => doesPrimaryWork(target, model))) return `\`${shown}\` also does what the request is for`;
  if (name.provider === null && targets.some((target) => asksMongoose(target, model)))
    return `\`${shown}\` asks the database by Mongoose, whose connection only the web process makes`;
  if (targets.some((target) => callsItsArguments(target, model))) return `\`${shown}\` calls methods of its arguments`;
  const own = name.provider === null ? homesOf(site, name.callee.root, model) : [];
  const homes = [...own, ...targets.map(({ file }) => file)];
  if (homes.some((file) => startsServer(file, model)))
    return `the module of \`${shown}\` starts the server when it is loaded`;
  return argumentProblem(site, shown, model);
}

/** The file that a job must load to make the call: where its first name is imported from, or the calling file itself. */
function homesOf({ file }: CallSite, root: string, model: Model): string[] {
  const found = model.summary(file)?.imports.find(({ names }) => names.some(({ local }) => local === root));
  return found === undefined ? [file] : resolved(file, found.specifier, model);
}

function argumentProblem(site: CallSite, shown: string, model: Model): string | null {
  const call = model.summary(site.file)?.calls[indexIn(site.id)];
  for (const arg of call?.args ?? []) {
    const found = obstacleIn(arg, model, site.file);
    if (found !== null) return `\`${shown}\` is given ${found}, which cannot be stored`;
  }
  return null;
}

function moveOf(site: CallSite, model: Model): Move | null {
  const provided = providerOf(site, model);
  if (provided === null) return plainMove(site, model);
  const { method, ...provider } = provided;
  const kind = model.usesAt(site)[0]?.kind ?? null;
  return { call: site, callee: { root: provider.class, members: [method] }, provider, job: jobName(method, kind) };
}

/** The call as a name that another module can import: a top-level binding and members of it. */
function plainMove(site: CallSite, model: Model): Move | null {
  const summary = model.summary(site.file);
  const call = summary?.calls[indexIn(site.id)];
  if (summary === null || call === undefined || call.isNew) return null;
  const members: string[] = [];
  let root = call.callee;
  for (; root.kind === "member"; root = root.object) members.unshift(root.property);
  const text = textOf(model, site);
  const written = /^([A-Za-z_$][\w$]*)\s*(?=[.(<?])/.exec(text)?.[1];
  const isTopLevel = root.kind === "imported" || root.kind === "fn" || (root.kind === "name" && root.fn === 0);
  if (!isTopLevel || written === undefined || written === "this" || isLoadedOnTheWay(site, written, model)) return null;
  return {
    call: site,
    callee: { root: written, members },
    provider: null,
    job: jobName(members.at(-1) ?? written, model.usesAt(site)[0]?.kind ?? null),
  };
}

/** `const { notify } = require("./notify")` within a function: no other module can import it from here by that name. */
function isLoadedOnTheWay({ file, fn: id }: CallSite, name: string, model: Model): boolean {
  const loaded = (model.summary(file)?.imports ?? []).filter(({ names }) => names.some(({ local }) => local === name));
  for (let fn = model.fn(id); fn !== null && !fn.isModule; fn = fn.parent === null ? null : model.fn(fn.parent)) {
    const [start, end] = [fn.span.start, fn.span.end];
    if (loaded.some(({ span }) => start <= span.start && span.end <= end)) return true;
  }
  return false;
}

/** `sendReceiptEmail` -> `send-receipt-email`; a library's bare `send` is named for what it sends. */
function jobName(name: string, kind: SinkKind | null): string {
  return (kind === null || name.length > 6 ? name : `${name}-${kind}`)
    .replace(/([a-z\d])([A-Z])/g, "$1-$2")
    .replace(/[^A-Za-z\d]+/g, "-")
    .toLowerCase();
}

const plainMethods =
  /^(map|filter|forEach|reduce|some|every|find|findIndex|join|slice|concat|includes|indexOf|flatMap|entries|keys|values|at|toString|toFixed|toUpperCase|toLowerCase|trim|split|replace|replaceAll|startsWith|endsWith|padStart|substring|toISOString|toLocaleString|toLocaleDateString|toLocaleTimeString|toDateString|getTime|getFullYear|sort|reverse|match|normalize)$/;

/** Whether the function uses an argument as an object with behaviour (`user.save()`), which JSON would lose. */
function callsItsArguments(target: Fn, model: Model): boolean {
  const summary = model.summary(target.file);
  if (summary === null) return true;
  const inside = closureOf(target, model);
  return summary.calls.some(({ callee, fn }) => {
    if (callee.kind !== "member" || !inside.has(`${target.file}#${fn}`)) return false;
    const { object, property } = callee;
    return object.kind === "param" && object.fn === indexIn(target.id) && !plainMethods.test(property);
  });
}
