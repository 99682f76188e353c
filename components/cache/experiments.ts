/** What proves a cache: less work for the same answers, writes that the next reader sees, and answers without its service. */
import { cacheStopped, lessWork, writeIsSeen } from "../../verify/designs/index.ts";
import type { Experiment, Scenario, Subject } from "../../verify/experiment.ts";
import { routesOf } from "../../verify/scenarios/select.ts";
import type { Model } from "../../analyzers/model.ts";
import { hotRoutes } from "./hot-reads.ts";
import { madeOf } from "./made-of.ts";
import { writesOf } from "./table-writes.ts";
import { repeatedAsking } from "./upstream.ts";

const fewerQueries = lessWork({
  id: "cache/fewer-queries",
  component: "cache",
  title: "The database is asked once, not for each visitor",
  hypothesis: "The same answers cost a small part of the queries.",
  measure: "queriesPerRequest",
});
const fewerAskings = lessWork({
  id: "cache/fewer-outside-calls",
  component: "cache",
  title: "The other service is asked once, not for each visitor",
  hypothesis: "The same answers cost a small part of the calls.",
  measure: "http.requests",
});
const seen = {
  id: "cache/write-is-seen",
  component: "cache",
  title: "A write shows in the next read",
  hypothesis: "Whoever reads after a write sees what was written, however often it was read before.",
};
const stopped = cacheStopped({
  id: "cache/cache-is-stopped",
  component: "cache",
  title: "The cache's service stops",
  hypothesis: "Answers come as before while Redis is away.",
});

const hot = "cache/hot-read-uncached";
const asked = "cache/external-call-on-every-request";

export const experiments: readonly Experiment[] = [
  { ...fewerQueries, rules: [hot], design: (subject) => inHome(fewerQueries, driving(subject, hotPaths), subject) },
  { ...fewerAskings, rules: [asked], design: (subject) => inHome(fewerAskings, driving(subject, askedPaths), subject) },
  { ...seen, rules: [hot], design: seenDesign },
  {
    ...stopped,
    rules: [hot, asked],
    design: (subject) =>
      isShared(subject.after)
        ? stopped.design(driving(subject, (model) => new Set([...hotPaths(model), ...askedPaths(model)])))
        : { cannot: "What is kept stands in the process's own memory: there is no service to stop." },
  },
];

/** Memory of the process is made for one process; a store that all share is tried with two. */
function inHome(experiment: Experiment, driven: Subject, { after }: Subject): ReturnType<Experiment["design"]> {
  const design = experiment.design(driven);
  return "cannot" in design || isShared(after) ? design : { ...design, topology: { ...design.topology, replicas: 1 } };
}

/** Whether the patched app keeps its answers in Redis. */
function isShared(model: Model): boolean {
  return model.repo.files.some(
    (file) =>
      /\.[cm]?[jt]s$/.test(file) &&
      model.functions(file).some(({ exportedAs, params }) => exportedAs.includes("cached") && params.length === 3) &&
      /"(MGET|GET)"|'(MGET|GET)'/.test(model.repo.read(file) ?? ""),
  );
}

function hotPaths(model: Model): ReadonlySet<string> {
  return new Set(hotRoutes(model).flatMap(({ match }) => (match.confidence === "low" ? [] : match.routes)));
}

function askedPaths(model: Model): ReadonlySet<string> {
  return new Set(repeatedAsking(model).flatMap(({ confidence, routes }) => (confidence === "low" ? [] : routes)));
}

/** The subject with those scenarios alone that read what is kept now. */
function driving(subject: Subject, paths: (model: Model) => ReadonlySet<string>): Subject {
  const before = paths(subject.before);
  const after = paths(subject.after);
  const isKept = (scenario: Scenario): boolean =>
    routesOf(subject.before, scenario).some(
      ({ method, path }) => before.has(`${method} ${path}`) && !after.has(`${method} ${path}`),
    );
  return {
    ...subject,
    scenarios: subject.scenarios.filter((scenario) => scenario.role === "read" && isKept(scenario)),
  };
}

/** The first kept read that some other scenario writes a table of. */
function seenDesign(subject: Subject): ReturnType<Experiment["design"]> {
  const { before, after, scenarios } = subject;
  for (const reading of driving(subject, hotPaths).scenarios) {
    const routes = new Set(routesOf(before, reading).map(({ id }) => id));
    const handler = hotRoutes(before).find(({ route }) => routes.has(route.id))?.handler;
    const made = handler === undefined ? null : madeOf(before, handler);
    const tables = made === null || "cannot" in made ? [] : made.names;
    const writing = scenarios.find((scenario) => scenario !== reading && writesOne(before, scenario, tables));
    if (writing !== undefined)
      return writeIsSeen(seen, { reading, writing, ...(isShared(after) ? {} : { replicas: 1 }) });
  }
  return { cannot: "No scenario writes a table that a kept answer is made of; describe one in shoreup.config.json." };
}

function writesOne(model: Model, scenario: Scenario, tables: readonly string[]): boolean {
  const routes = new Set(routesOf(model, scenario).map(({ id }) => id));
  const { byTable } = writesOf(model);
  return tables
    .flatMap((table) => byTable.get(table) ?? [])
    .some(({ query }) =>
      model.reach(query.use.call).some(({ entry }) => entry.routeId !== null && routes.has(entry.routeId)),
    );
}
