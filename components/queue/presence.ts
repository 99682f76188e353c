/** Whether the app has a queue already, and whether anything works it off. */
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { CallSite, Model, Place, Service } from "../../analyzers/model.ts";
import type { Presence } from "../component.ts";

/** Packages that keep jobs; the value is true for those that call the app back and need no worker process. */
const libraries: Readonly<Record<string, boolean>> = {
  bullmq: false,
  bull: false,
  "bee-queue": false,
  "pg-boss": false,
  "graphile-worker": false,
  agenda: false,
  "@hokify/agenda": false,
  pulse: false,
  "@pulsecron/pulse": false,
  kue: false,
  "@nestjs/bull": false,
  "@nestjs/bullmq": false,
  "@golevelup/nestjs-rabbitmq": false,
  "nestjs-temporal-core": false,
  "@google-cloud/tasks": true,
  "@google-cloud/pubsub": false,
  "@aws-sdk/client-sqs": false,
  "sqs-consumer": false,
  amqplib: false,
  kafkajs: false,
  inngest: true,
  "@trigger.dev/sdk": true,
  "@upstash/qstash": true,
  "@upstash/workflow": true,
  "@vercel/queue": true,
  "@temporalio/worker": false,
  "@hatchet-dev/typescript-sdk": false,
};

/** Python's packages that keep jobs, by the name they are imported under. */
const pythonLibraries: ReadonlySet<string> = new Set(
  "celery rq django_rq dramatiq arq huey taskiq django_q procrastinate".split(" "),
);

function libraryOf(specifier: string, file: string): string | null {
  if (!isPython(file)) return Object.hasOwn(libraries, specifier) ? specifier : null;
  const [first = ""] = specifier.split(".");
  return pythonLibraries.has(first) ? first : null;
}

/** The first queue library that shipped code of the service imports; null when there is none. */
export function queueLibraryOf(model: Model, service: Service): string | null {
  return importsOf(model).find(({ file }) => model.service(file) === service)?.name ?? null;
}

export function presence(model: Model): Presence {
  const imports = importsOf(model);
  const [first] = imports;
  if (first === undefined) return { status: "absent", evidence: [] };
  const evidence = imports.map(({ name, file, line }) => ({ file, line, note: `imports ${name}` }));
  const worked = imports.find(({ name }) => libraries[name] === true) ?? workerOf(model, imports);
  if (worked === null) return { status: "present", evidence };
  const { file, line } = worked;
  return { status: "in_effect", evidence: [{ file, line, note: `jobs of ${first.name} are worked off` }, ...evidence] };
}

interface Import extends Place {
  name: string;
}

function importsOf(model: Model): Import[] {
  return model.repo.files.flatMap((file) => {
    const summary = model.summary(file);
    if (summary === null || !["server", "worker"].includes(model.context(file))) return [];
    return summary.imports.flatMap(({ specifier, typeOnly, span }) => {
      const name = typeOnly ? null : libraryOf(specifier, file);
      return name === null ? [] : [{ name, file, line: span.line }];
    });
  });
}

/** Calls that work jobs off, also where the job's code is a file or a value that could not be followed. */
const consumers = [
  "bull:().process",
  "bullmq:Worker",
  "bee-queue:().process",
  "kue:createQueue().process",
  "agenda:().define",
  "agenda:Agenda().define",
  "pg-boss:().work",
  "pg-boss:PgBoss().work",
  "graphile-worker:run",
];

function runs(call: CallSite, model: Model): boolean {
  return ["server", "worker"].includes(model.context(call.file)) && model.reach(call).length > 0;
}

/** A job that some process runs: a consumer in code that starts, or a process of its own that imports the library. */
function workerOf(model: Model, imports: readonly Import[]): Place | null {
  const job = model.entries.find(({ kind }) => kind === "worker-job");
  if (job !== undefined) return job;
  const consumer = consumers.flatMap((api) => model.usesOf(api)).find(({ call }) => runs(call, model));
  if (consumer !== undefined) return consumer.call;
  const process = model.services
    .flatMap(({ processes }) => processes)
    .find(({ name }) => /work|job|queue|consum/i.test(name));
  return process !== undefined && imports.length > 0 ? process.evidence : null;
}
