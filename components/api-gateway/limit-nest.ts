/** Limits of a Nest app: the throttler's guard and numbers at the methods that need them, its module in the app's root module. */
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { nestApp, type NestApp } from "../../analyzers/serving/nest-app.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";
import type { Edit } from "../../patches/edit.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import { calleeEnd, setOptions } from "../../patches/editors/calls.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { addImport } from "../../patches/editors/imports.ts";
import { addToList } from "../../patches/editors/list-options.ts";
import { decorateMethod } from "../../patches/editors/decorators.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { insert, openSource, type Source } from "../../patches/editors/source.ts";
import { countedNote, countedProxies } from "../counted-proxies.ts";
import { kindOf, numbers } from "./limit-numbers.ts";
import { forgetsCounts } from "./limit-express.ts";
import { type Limit, refused, type Wanted, type Work } from "./limit-work.ts";
import { limitBrief } from "./outcome.ts";
import { refusalText } from "./refusal-shape.ts";
import { storeNote } from "./store-note.ts";
import { believesAllText, hopsVariable, trustOf, wordOf } from "../trust-proxy.ts";

/** Major 6 takes Nest 7 to 12 (its `peerDependencies`). */
const range = "^6.7.1";
const known = [
  "`@nestjs/throttler`: `ThrottlerModule` in the app's module, its guard on the route, and `@Throttle` with the numbers where they differ.",
];

export const limitNest: Limit = (service, wanted, model) => {
  const app = nestApp(model, service);
  const cannot = obstacle(app, service, model);
  if (app === null || cannot !== null) return refused(wanted, cannot ?? "", known);
  const module = moduleEdits(app, service, model);
  if (module === null) return refused(wanted, "the root module's imports are not written out as a list", known);
  const proxy = trustEdits(app, service, model);
  if ("cannot" in proxy) return refused(wanted, proxy.cannot, known);
  const work: Work = { outcomes: [], edits: [], notes: [], env: [] };
  for (const file of new Set(wanted.map(({ open }) => open.route.file))) {
    const done = methodsOf(
      file,
      wanted.filter(({ open }) => open.route.file === file),
      model,
    );
    work.outcomes.push(...done.outcomes);
    work.edits.push(...done.edits);
  }
  if (work.edits.length === 0) return work;
  const needed = addDependency(service, "@nestjs/throttler", range);
  return {
    ...work,
    edits: [...work.edits, ...module, ...proxy.edits, ...needed],
    notes: [...(needed.length > 0 ? [installNote(service)] : []), storeNote(null, service), ...proxy.notes],
    env: proxy.edits.length > 0 ? [hopsVariable] : [],
  };
};

function obstacle(app: NestApp | null, service: Service, model: Model): string | null {
  if (app === null) return "the app is not created from one module of its own in its start file";
  const major = majorOf(service.dependencies["@nestjs/core"]);
  if (!(major >= 7 && major <= 12)) return "the throttler for this version of Nest is not known to the recipe";
  const own = service.dependencies["@nestjs/throttler"];
  // Since 6 its stretches of time are milliseconds; what has names of its own would have to be told apart.
  if (own !== undefined && majorOf(own) < 6)
    return "the app's throttler is older than version 6 and has to be brought up to date first";
  if (throttlers(model, service).some(isNamed))
    return "the app's throttler has sets of numbers with names, and which of them fits here is not in the code";
  return forgetsCounts(model, service);
}

function throttlers(model: Model, service: Service): CallSite[] {
  return ["forRoot", "forRootAsync"]
    .flatMap((name) => model.usesOf(`@nestjs/throttler:ThrottlerModule.${name}`))
    .flatMap(({ call }) => (model.service(call.file) === service ? [call] : []));
}

function isNamed({ args: [options] }: CallSite): boolean {
  const list = options?.kind === "object" ? options.entries["throttlers"] : options;
  const sets = list?.kind === "array" ? list.items : [list];
  return !sets.every((set) => set?.kind === "object" && !set.open && set.entries["name"] === undefined);
}

/** The throttler's module in the root module; the numbers in it are those of costly calls. */
function moduleEdits({ module }: NestApp, service: Service, model: Model): Edit[] | null {
  if (throttlers(model, service).length > 0) return [];
  const source = openSource(model.repo, module.file);
  if (source === null) return null;
  const { tries, minutes } = numbers.expensive;
  const written = [
    "ThrottlerModule.forRoot({",
    `  throttlers: [{ limit: ${tries}, ttl: minutes(${minutes}) }],`,
    `  errorMessage: ${JSON.stringify(refusalText)},`,
    '  skipIf: () => process.env.NODE_ENV === "test",',
    "})",
  ].join("\n");
  const list = addToList(source, module.span, { at: 0, key: "imports" }, [written]);
  if (list === null) return null;
  return [...addImport(source, { from: "@nestjs/throttler", names: ["minutes", "ThrottlerModule"] }), ...list];
}

/** The guard stands below all others, so that it runs first: wrong passwords that another guard refuses count. */
function methodsOf(file: string, wanted: readonly Wanted[], model: Model): Pick<Work, "outcomes" | "edits"> {
  const source = openSource(model.repo, file);
  const done: Pick<Work, "outcomes" | "edits"> = { outcomes: [], edits: [] };
  const names = new Set<string>();
  const decorated = new Set<string>();
  for (const { finding, open } of wanted) {
    const { registration, line } = open.route;
    const limit = limitOf(open.limit);
    const lines = ["@UseGuards(ThrottlerGuard)", ...limit.lines];
    const edits = source === null || registration === null ? null : decorateMethod(source, registration.span, lines);
    if (edits === null) {
      done.outcomes.push({ finding, brief: limitBrief(`the method at ${file}:${line} could not be found`, known) });
      continue;
    }
    done.outcomes.push({ finding, brief: null });
    const place = JSON.stringify(edits.map((edit) => (edit.kind === "replace" ? edit.start : 0)));
    if (decorated.has(place)) continue;
    decorated.add(place);
    done.edits.push(...edits);
    for (const name of ["ThrottlerGuard", ...limit.names]) names.add(name);
  }
  if (source !== null && done.edits.length > 0)
    done.edits.push(
      ...addImport(
        source,
        { from: "@nestjs/common", names: ["UseGuards"] },
        { from: "@nestjs/throttler", names: [...names].toSorted((a, b) => a.localeCompare(b)) },
      ),
    );
  return done;
}

function limitOf(limit: Wanted["open"]["limit"]): { lines: string[]; names: string[] } {
  const kind = kindOf[limit];
  if (kind === "expensive") return { lines: [], names: [] };
  const { tries, minutes } = numbers[kind];
  return {
    lines: [`@Throttle({ default: { limit: ${tries}, ttl: minutes(${minutes}) } })`],
    names: ["minutes", "Throttle"],
  };
}

const unnamed = { cannot: "no statement can follow the call that creates the app" };

/** The proxies to believe, said to the HTTP framework below Nest. */
function trustEdits(
  app: NestApp,
  service: Service,
  model: Model,
): { edits: Edit[]; notes: string[] } | { cannot: string } {
  const trust = trustOf(model, service);
  if (trust.kind === "set-already") return { edits: [], notes: [] };
  if (trust.kind === "believes-all") {
    const edits = countedProxies(trust, model);
    return edits === null ? { cannot: believesAllText(trust) } : { edits, notes: [countedNote] };
  }
  const { creation } = app;
  const source = openSource(model.repo, creation.file);
  if (source === null) return unnamed;
  const { expression, comment, note } = wordOf(model, service);
  const [adapter] = model
    .usesOf("@nestjs/platform-fastify:FastifyAdapter")
    .flatMap(({ call }) => (call.file === creation.file ? [call] : []));
  const env = addEnv(model.repo, service.root, [hopsVariable]);
  if (adapter !== undefined) {
    const set = setOptions(source, adapter.span, 0, { trustProxy: expression });
    return set === null ? unnamed : { edits: [...set, ...env], notes: [note] };
  }
  const typed = expressTyped(source, creation);
  const object = typed === null ? ".getHttpAdapter().getInstance()" : "";
  const lead = comment === null ? "" : `${comment}\n`;
  const code = (name: string): string => {
    const line = `${name}${object}.set("trust proxy", ${expression});`;
    const broken = `${name}${object}.set(\n  "trust proxy",\n  ${expression},\n);`;
    return lead + (line.length > 90 ? broken : line);
  };
  const edit = afterCreation(source, creation.span, /^$/, code, "awaited");
  return edit === null ? unnamed : { edits: [edit, ...(typed ?? []), ...env], notes: [note] };
}

/** What makes the app's type one of Express, which has `set`; null where it has another type already. */
function expressTyped(source: Source, creation: CallSite): Edit[] | null {
  if (source.style.language === "javascript" || /\.create\s*<\s*NestExpressApplication\s*>/.test(source.text))
    return [];
  const end = calleeEnd(source, creation.span);
  if (end === null || /:\s*INestApplication\b/.test(source.text)) return null;
  const names = ["NestExpressApplication"];
  return [
    ...addImport(source, { from: "@nestjs/platform-express", names, typeOnly: true }),
    insert(source, end, "<NestExpressApplication>"),
  ];
}
