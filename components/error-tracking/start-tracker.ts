/** Starts the error tracker in every untracked service, or says why that is left to somebody who knows the app. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit, EnvVar } from "../../patches/edit.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { importFirst } from "../../patches/editors/first-import.ts";
import { addImport, freeName } from "../../patches/editors/imports.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { openSource, styleFor } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { fill } from "../../patches/fill.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import { keptToItself } from "./kept-to-itself.ts";
import { nestEdits } from "./nest-edits.ts";
import { printingOf } from "./printing.ts";
import { trackerWay, type TrackerWay } from "./tracker-way.ts";
import { untracked } from "./untracked.ts";

export type Started = { edits: Edit[]; notes: string[]; env: EnvVar[] } | Extract<TrackerWay, { kind: "by-hand" }>;

type FirstImport = Extract<TrackerWay, { kind: "first-import" }>;

const dsn: EnvVar = {
  name: "SENTRY_DSN",
  example: "https://key@errors.example.com/1",
  note: "Where errors are reported to: a project's address in Sentry, or in GlitchTip on a server of your own. Unset: nowhere",
};

/** The majors that `templates/instrument.ts` is written for; the package for Nest has not come to 11 yet. */
const ranges = { "@sentry/node": "^11.12.0", "@sentry/nestjs": "^10.75.0", "@sentry/nextjs": "^11.0.0" };

/** All of them, or none: with one service left out the finding would stay. */
export function startTracker(model: Model, templates: Templates): Started {
  const parts = untracked(model).map((service) => startIn(service, model, templates));
  const refusal = parts.find((part) => "cannot" in part);
  if (refusal !== undefined && "cannot" in refusal) return refusal;
  const done = parts.flatMap((part) => ("edits" in part ? [part] : []));
  return {
    edits: done.flatMap(({ edits }) => edits),
    env: [dsn],
    notes: [...new Set(done.flatMap(({ notes }) => notes))],
  };
}

function startIn(service: Service, model: Model, templates: Templates): Started {
  const way = trackerWay(model, service);
  if (way.kind === "by-hand") return way;
  return way.kind === "next-hooks"
    ? hookIn(service, way.file, model, templates)
    : importIn(service, way, model, templates);
}

/** Next.js looks for the file by its name. */
function hookIn(service: Service, file: string, model: Model, templates: Templates): Started {
  const text = toDialect(templates("instrumentation.ts"), { ...styleFor(model.repo, file), modules: "esm" });
  return {
    edits: [
      { kind: "create", file, text },
      ...addDependency(service, "@sentry/nextjs", ranges["@sentry/nextjs"]),
      ...addEnv(model.repo, service.root, [dsn]),
    ],
    env: [dsn],
    notes: [
      installNote(service),
      "Nothing is sent until SENTRY_DSN is set. Errors of the server are reported; for those in browsers the tracker's own guide for Next.js goes on from here.",
      ...unseen(model, service),
    ],
  };
}

/** A module that the start files import first. */
function importIn(service: Service, way: FirstImport, model: Model, templates: Templates): Started {
  const [entry] = way.entries;
  const module = newFile(model.repo, posix.dirname(entry), "instrument", entry);
  const settings = environmentOf(model, service);
  const imports = way.entries.map((file) => {
    const source = openSource(model.repo, file);
    return source === null ? null : importFirst(source, specifierFor(file, module, source.style));
  });
  const sdk = way.nest === null ? "@sentry/node" : "@sentry/nestjs";
  const framework = way.nest === null ? honoEdits(way, model) : nestEdits(way.nest, model);
  if (framework === null || imports.some((edits) => edits === null))
    return {
      kind: "by-hand",
      cannot: "a file that would have to be changed is written in a way the recipe does not know",
      instead: [],
    };
  const text = fill(templates("instrument.ts"), {
    ...settings,
    ...printingOf(model, service),
    SDK: sdk,
    nest: way.nest !== null,
  });
  return {
    edits: [
      { kind: "create", file: module, text: toDialect(text, styleFor(model.repo, module)) },
      ...imports.flatMap((edits) => edits ?? []),
      ...framework,
      ...addDependency(service, sdk, ranges[sdk]),
      ...addEnv(model.repo, service.root, [dsn]),
    ],
    env: [dsn],
    notes: [
      installNote(service),
      "Nothing is sent until SENTRY_DSN is set; then a promise that fails with nobody waiting is reported, and no longer ends the process.",
      ...unseen(model, service),
      ...(settings.dotenv
        ? []
        : [
            "SENTRY_DSN has to be in the environment when the process starts: a .env file that code reads comes too late.",
          ]),
    ],
  };
}

/** What the tracker will not see, since the code says it to nobody. */
function unseen(model: Model, service: Service): string[] {
  const [first, ...others] = keptToItself(model, service);
  if (first === undefined) return [];
  const more = others.length === 0 ? "keeps" : `and ${others.length} more like it keep`;
  return [
    `The \`catch\` at ${first.file}:${first.line} ${more} the error from everybody: print it there, or hand it to the error handler, and it is reported.`,
  ];
}

/** Hono is an ES module, which the tracker cannot look into: it takes the app's requests as its first middleware. */
function honoEdits({ honoApps }: FirstImport, model: Model): Edit[] | null {
  const edits = honoApps.map((app) => {
    const source = openSource(model.repo, app.file);
    if (source === null) return null;
    const name = freeName(source, "honoMiddleware");
    const use = afterCreation(source, app.span, /^(use|onError|notFound)$/, (made) => `${made}.use(${name}(${made}));`);
    const names = [{ name: "honoMiddleware", as: name }];
    return use === null ? null : [...addImport(source, { from: "@sentry/node", names }), use];
  });
  return edits.some((each) => each === null) ? null : edits.flatMap((each) => each ?? []);
}

/** Whether `.env` is read from its usual place by dotenv, which the tracker's address may stand in. */
function environmentOf(model: Model, service: Service): { dotenv: boolean } {
  const own = model.usesOf("dotenv:**").filter(({ call }) => model.service(call.file) === service);
  const moved = own.some(({ call }) =>
    call.args.some((arg) => arg.kind !== "object" || "path" in arg.entries || arg.open),
  );
  return { dotenv: "dotenv" in service.dependencies && !moved };
}
