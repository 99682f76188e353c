/** The model of a repo from its summaries: a list of steps, the costly ones taken when somebody first asks. */
import { outline } from "./extract/outline.ts";
import { findEntries } from "./frameworks/index.ts";
import { prerendered, type Seen } from "./frameworks/prerendered.ts";
import { findEdges, type Edges } from "./link/edges.ts";
import { importersOf, importsOf } from "./link/imports.ts";
import { once } from "./link/lazy.ts";
import { createModules } from "./link/modules.ts";
import { pattern, split } from "./link/pattern.ts";
import { createProgram } from "./link/program.ts";
import { reachOf, type Roads } from "./link/reach.ts";
import { solve } from "./link/rounds.ts";
import { createSites, type Sites } from "./link/sites.ts";
import { callsIn, findUses } from "./link/uses.ts";
import type { CallSite, Context, Entry, Model, Reach, Route, Service, Use } from "./model.ts";
import type { Repo } from "./repo/repo.ts";
import { isPython, isSource } from "./repo/source-file.ts";
import { classifyContexts, findDeploy, findServices, mixesSides, readManifests } from "./services/index.ts";
import type { Summary } from "./summary.ts";

/** Links summaries into a model. Pure: the repo is only read. `timings` gains the milliseconds of each step taken here. */
export function modelOf(repo: Repo, summaries: ReadonlyMap<string, Summary>, timings: Record<string, number>): Model {
  const timed = stopwatch(timings);
  const modules = createModules(repo);
  const services = timed("services", () => findServices(repo, summaries, modules));
  const imports = timed("modules", () => importsOf(createProgram(summaries), modules));
  const resolve = (from: string, specifier: string) => {
    const resolved = modules.resolve(from, specifier);
    return resolved.kind === "file" ? resolved.file : null;
  };
  const contexts = timed("contexts", () => classifyContexts({ repo, services, summaries, imports, resolve }));
  const contextOf = (file: string): Context => contexts.get(file) ?? "dead";
  const serviceOf = ownerOf(services);
  const program = timed("program", () => createProgram(linkable(summaries, contextOf, serviceOf)));
  const linked = timed("values", () => solve(program, modules));
  const sites = createSites(linked.solver);
  const found = timed("entries", () => findEntries({ repo, linked, sites, services, contextOf, serviceOf }));
  const uses = once(() => timed("uses", () => findUses(linked, sites)));
  const byPackage = once(() => grouped(uses(), (use) => split(use.api).specifier));
  const byKind = once(() => grouped(uses(), (use) => use.kind));
  const byCall = once(() => grouped(uses(), (use) => use.call.id));
  const byConstruction = once(() => grouped(uses(), (use) => use.construction?.id ?? null));
  const edges = once(() => timed("calls", () => findEdges(linked)));
  const summary = (file: string) => summaries.get(file) ?? null;
  const roads = once(() => {
    const registrations = registrationsOf(found.routes, sites);
    const shared = { linked, edges: edges(), sites, importers: importersOf(program, imports), registrations };
    return roadsFrom(found.entries, shared, { repo, routes: found.routes, services, summary, uses: uses() });
  });
  return {
    repo,
    services,
    deploy: findDeploy(repo),
    routes: found.routes,
    entries: found.entries,
    get uses() {
      return uses();
    },
    /** Settings are read when somebody asks for them: what could not be is known only then. */
    get skipped() {
      return [...repo.skipped, ...readManifests(repo).problems, ...partlyRead(summaries)];
    },
    timings,
    context: contextOf,
    service: serviceOf,
    summary,
    functions: (file) => (program.files.get(file)?.fns ?? []).map((fn) => sites.fn(fn)),
    usesOf: usesMatching(uses, byPackage),
    usesOfKind: (...kinds) =>
      kinds.length === 1 && kinds[0] !== undefined
        ? (byKind().get(kinds[0]) ?? [])
        : uses().filter(({ kind }) => kind !== null && kinds.includes(kind)),
    usesAt: (call) => byCall().get(call.id) ?? [],
    callsIn: (use) => callsIn(use).map((call) => sites.call(call)),
    usesOn: (construction) => byConstruction().get(construction.id) ?? [],
    ...graphOf(sites, edges, roads),
  };
}

/**
 * Tests and what runs in browsers are not linked: they call nothing on the server, and what they set up for a whole process
 * (undici's dispatcher) is set up for their own. Modules of both sides are linked.
 */
function linkable(
  summaries: ReadonlyMap<string, Summary>,
  contextOf: (file: string) => Context,
  serviceOf: (file: string) => Service | null,
): Map<string, Summary> {
  const isElsewhere = (file: string, { functions }: Summary) => {
    const context = contextOf(file);
    if (context !== "browser") return context === "test";
    return !mixesSides(serviceOf(file)) && !functions.some(({ directives }) => directives.includes("use server"));
  };
  return new Map(
    [...summaries].map(([file, summary]) => [file, isElsewhere(file, summary) ? outline(summary) : summary]),
  );
}

/** Uses by pattern. The same few patterns are asked for again and again, and many uses have the same api. */
function usesMatching(
  uses: () => readonly Use[],
  byPackage: () => ReadonlyMap<string, readonly Use[]>,
): Model["usesOf"] {
  const known = new Map<string, readonly Use[]>();
  const look = (text: string): readonly Use[] => {
    const wanted = pattern(text);
    const candidates = wanted.specifier === null ? uses() : (byPackage().get(wanted.specifier) ?? []);
    const apis = new Map<string, boolean>();
    return candidates.filter(({ api }) => {
      const isMatch = apis.get(api) ?? wanted.matches(api);
      apis.set(api, isMatch);
      return isMatch;
    });
  };
  return (text) => {
    const found = known.get(text) ?? look(text);
    known.set(text, found);
    return found;
  };
}

type Graph = Pick<Model, "fn" | "call" | "callers" | "handedTo" | "targets" | "reach">;

/** The model's questions about functions and calls, by their ids. */
function graphOf(sites: Sites, edges: () => Edges, roads: () => Roads): Graph {
  const reached = new Map<string, Reach[]>();
  const into = (id: string, how: "call" | "callback"): CallSite[] => {
    const node = sites.fnNode(id);
    const all = node === null ? [] : (edges().into.get(node) ?? []);
    return [...new Set(all.filter((edge) => edge.how === how).map(({ call }) => call))].map((call) => sites.call(call));
  };
  return {
    fn: (id) => view(sites.fnNode(id), (node) => sites.fn(node)),
    call: (id) => view(sites.callNode(id), (node) => sites.call(node)),
    callers: (id) => into(id, "call"),
    handedTo: (id) => into(id, "callback"),
    targets: (site) => {
      const node = sites.callNode(site.id);
      const from = node === null ? [] : (edges().from.get(node) ?? []);
      return from.filter((edge) => edge.how === "call").map((edge) => sites.fn(edge.to));
    },
    reach: (site) => {
      const ways = reached.get(site.id) ?? reachOfSite(roads(), sites, site);
      reached.set(site.id, ways);
      return ways;
    },
  };
}

/** The ways back from calls; pages that turn out to be the build's are not among the entries. */
function roadsFrom(entries: readonly Entry[], shared: Omit<Roads, "entries">, seen: Omit<Seen, "reach">): Roads {
  const from = (some: readonly Entry[]): Roads => ({
    ...shared,
    entries: grouped(some, ({ fn }) => shared.sites.fnNode(fn)),
  });
  const all = from(entries);
  const built = prerendered({ ...seen, reach: (site) => reachOfSite(all, shared.sites, site) });
  return built.size === 0 ? all : from(entries.filter(({ routeId }) => routeId === null || !built.has(routeId)));
}

/** Routes by the calls that register them. */
function registrationsOf(routes: readonly Route[], sites: Sites): Roads["registrations"] {
  return new Map(
    routes.flatMap(({ id, registration }) => {
      const call = registration === null ? null : sites.callNode(registration.id);
      return call === null ? [] : [[id, call] as const];
    }),
  );
}

function reachOfSite(roads: Roads, sites: Sites, { id }: CallSite): Reach[] {
  const node = sites.callNode(id);
  return node === null ? [] : reachOf(roads, node);
}

function stopwatch(timings: Record<string, number>): <T>(step: string, run: () => T) => T {
  return (step, run) => {
    const started = performance.now();
    const made = run();
    timings[step] = Math.round(performance.now() - started);
    return made;
  };
}

function view<Node, View>(node: Node | null, make: (node: Node) => View): View | null {
  return node === null ? null : make(node);
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key | null): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The service whose folder holds the file, the deepest one. */
function ownerOf(services: readonly Service[]): (file: string) => Service | null {
  const deepest = services.toSorted((a, b) => b.root.length - a.root.length);
  const holds = ({ root }: Service, file: string) => root === "." || file.startsWith(`${root}/`);
  const known = new Map<string, Service | null>();
  return (file) => {
    const found = known.get(file);
    if (found !== undefined) return found;
    const above = deepest.filter((service) => holds(service, file));
    // Two services may share a folder, one in Python and one beside it.
    const speaks = ({ language }: Service) => (language === "python") === isPython(file);
    const owner = (isSource(file) ? above.find(speaks) : undefined) ?? above[0] ?? null;
    known.set(file, owner);
    return owner;
  };
}

function partlyRead(summaries: ReadonlyMap<string, Summary>): { file: string; reason: string }[] {
  return [...summaries].flatMap(([file, { problem }]) => (problem === null ? [] : [{ file, reason: problem }]));
}
