/** Limits of a Fastify service: numbers in the options of the routes that need them, heeded by the plugin that the app registers. */
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { serverApp } from "../../analyzers/serving/server-apps.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import { addImport, freeName, type ImportWish } from "../../patches/editors/imports.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { openSource, type Source } from "../../patches/editors/source.ts";
import { countedNote, countedProxies } from "../counted-proxies.ts";
import { pluginLoading } from "../plugin-loading.ts";
import { limitFastifyRoute } from "./fastify-route.ts";
import { forgetsCounts } from "./limit-express.ts";
import { type Limit, refused, type Wanted, type Work } from "./limit-work.ts";
import { limitBrief } from "./outcome.ts";
import { storeNote } from "./store-note.ts";
import { type SharedRedis, sharedRedis } from "../shared-redis.ts";
import { believesAllText, hopsVariable, trustOf, wordOf } from "../trust-proxy.ts";

/** Majors of the plugin by those of Fastify (its `fastify-plugin` entry). */
const ranges: Readonly<Record<number, string>> = { 4: "^9.1.0", 5: "^11.2.0" };
const known = ["`@fastify/rate-limit`, with `config: { rateLimit }` at the route."];

export const limitFastify: Limit = (service, wanted, model) => {
  const app = serverApp(model, service);
  const creation = app?.framework === "fastify" ? app.creation : null;
  const source = creation === null ? null : openSource(model.repo, creation.file);
  if (creation === null || source === null) return refused(wanted, "the app object could not be found", known);
  const cannot = obstacle(service, model);
  if (cannot !== null) return refused(wanted, cannot, known);
  const made = appEdits(source, creation, wanted, service, model);
  if ("cannot" in made) return refused(wanted, made.cannot, known);
  const routes = routeEdits(wanted, model);
  if (routes.edits.length === 0) return { ...routes, notes: [], env: [] };
  return { outcomes: routes.outcomes, edits: [...routes.edits, ...made.edits], notes: made.notes, env: made.env };
};

function obstacle(service: Service, model: Model): string | null {
  const major = majorOf(service.dependencies["fastify"]);
  if (ranges[major] === undefined)
    return "the app's Fastify is of a version for which the recipe knows no plugin: bring it up to date first";
  return forgetsCounts(model, service);
}

function routeEdits(wanted: readonly Wanted[], model: Model): Pick<Work, "outcomes" | "edits"> {
  const done: Pick<Work, "outcomes" | "edits"> = { outcomes: [], edits: [] };
  for (const { finding, open } of wanted) {
    const edits = limitFastifyRoute(open, model);
    const failed = "cannot" in edits;
    done.outcomes.push({ finding, brief: failed ? limitBrief(edits.cannot, known) : null });
    if (!failed) done.edits.push(...edits);
  }
  return done;
}

type AppEdits = Pick<Work, "edits" | "notes" | "env"> | { cannot: string };

/** The plugin, where the app is made: what is registered after it is limited as its options say. */
function appEdits(
  source: Source,
  creation: CallSite,
  wanted: readonly Wanted[],
  service: Service,
  model: Model,
): AppEdits {
  const trusting = trustEdits(source, creation, service, model);
  if ("cannot" in trusting) return trusting;
  if (hasPlugin(model, service)) return trusting;
  const limited = wanted.map(({ open: { route } }) => route);
  const loading = pluginLoading(model, service, creation, limited);
  if (loading === "too-late")
    return {
      cannot:
        "the routes stand beside the app, where nothing can wait for the plugin: it has to be loaded before they are registered",
    };
  const redis = ioredisOf(model, service);
  const name = freeName(source, "rateLimit");
  const wishes: ImportWish[] = [{ from: "@fastify/rate-limit", default: name }];
  const client = redis === null ? null : importOf(source, redis);
  if (client?.wish) wishes.push(client.wish);
  const code = (app: string): string => registration(app, name, client?.name ?? null, loading === "awaited");
  const edit = afterCreation(source, creation.span, /^withTypeProvider$/, code);
  if (edit === null) return { cannot: "no statement can follow the call that makes the app" };
  const needed = addDependency(service, "@fastify/rate-limit", ranges[majorOf(service.dependencies["fastify"])] ?? "*");
  return {
    edits: [...addImport(source, ...wishes), ...trusting.edits, edit, ...needed],
    notes: [installNote(service), storeNote(redis, service), ...trusting.notes],
    env: trusting.env,
  };
}

/** The proxies to believe about a caller's address, among the options of the app. */
function trustEdits(source: Source, creation: CallSite, service: Service, model: Model): AppEdits {
  const trust = trustOf(model, service);
  if (trust.kind === "set-already") return { edits: [], notes: [], env: [] };
  const env = addEnv(model.repo, service.root, [hopsVariable]);
  if (trust.kind === "believes-all") {
    const edits = countedProxies(trust, model);
    return edits === null
      ? { cannot: believesAllText(trust) }
      : { edits: [...edits, ...env], notes: [countedNote], env: [hopsVariable] };
  }
  const { expression, note } = wordOf(model, service);
  const set = setOptions(source, creation.span, 0, { trustProxy: expression }, "spread");
  return set === null
    ? { cannot: "the options of the app are not written out where it is made" }
    : { edits: [...set, ...env], notes: [note], env: [hopsVariable] };
}

function registration(app: string, plugin: string, redis: string | null, isAwaited: boolean): string {
  const options = [
    "  global: false,",
    ...(redis === null ? [] : [`  redis${redis === "redis" ? "" : `: ${redis}`},`, "  skipOnError: true,"]),
    '  allowList: () => process.env.NODE_ENV === "test",',
  ];
  const comment = "// Only routes with `config.rateLimit` are limited.";
  return `${comment}\n${isAwaited ? "await " : ""}${app}.register(${plugin}, {\n${options.join("\n")}\n});`;
}

/** The plugin speaks to ioredis alone. */
function ioredisOf(model: Model, service: Service): SharedRedis | null {
  const redis = sharedRedis(model, service);
  return redis?.api.startsWith("ioredis:") === true ? redis : null;
}

function hasPlugin(model: Model, service: Service): boolean {
  return model.usesOf("fastify:**.register").some(({ call: { file, args } }) => {
    const [plugin] = args;
    return (
      plugin?.kind === "external" &&
      plugin.api.startsWith("@fastify/rate-limit:") &&
      model.service(file)?.root === service.root
    );
  });
}
