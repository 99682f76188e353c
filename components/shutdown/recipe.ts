/** Writes the module that stops a server in order, and hands it the server where it begins to listen. */
import { posix } from "node:path";
import type { CallSite, Model, Place, Service } from "../../analyzers/model.ts";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { Brief, Edit, EnvVar } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { importStatement } from "../../patches/editors/import-of.ts";
import { addImport, freeName, type ImportWish } from "../../patches/editors/imports.ts";
import { openSource, type Source, styleFor } from "../../patches/editors/source.ts";
import type { Style } from "../../patches/editors/style.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { fill } from "../../patches/fill.ts";
import { newFile } from "../../patches/new-file.ts";
import { appLogger } from "../app-logger.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { closersOf } from "./closers.ts";
import { dutiesOf } from "./duties.ts";
import { foreignFramework, listenings } from "./listening.ts";
import { isWritable, type Readiness, stopWay } from "./stop-way.ts";
import { workings } from "./working.ts";

const env: readonly EnvVar[] = [
  {
    name: "SHUTDOWN_DELAY_MS",
    example: "3000",
    note: "How long requests are still taken after the signal to stop (in production 3000 unless set)",
  },
  {
    name: "SHUTDOWN_DEADLINE_MS",
    example: "9000",
    note: "When the process ends at the latest after the signal to stop",
  },
  {
    name: "KEEP_ALIVE_TIMEOUT_MS",
    example: "65000",
    note: "How long idle connections stay open: longer than the load balancer keeps them",
  },
];

/** What the written code is tried on and upwards. */
const oldestNode = 18;

const nestLogger = 'import { Logger } from "@nestjs/common"';

const bunWay =
  "Bun serves it: call `Bun.serve` yourself where Bun does it for an exported app, keep the server that it returns, and `await server.stop()` lets the requests in hand end";

/** Frameworks that bring what it takes, and how it is used there. */
const ownWays: Readonly<Record<string, string>> = {
  Bun: bunWay,
  Elysia: "it listens by Elysia: `await app.stop()` lets the requests in hand end",
};

type Outcome = { edits: Edit[]; notes: string[]; env: readonly EnvVar[] } | { cannot: string };

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const outcomes = findings.map((finding) => ({ finding, outcome: outcomeOf(finding, model, templates) }));
  const done = outcomes.flatMap(({ finding, outcome }) => ("edits" in outcome ? [{ finding, ...outcome }] : []));
  return {
    edits: done.flatMap(({ edits }) => edits),
    briefs: outcomes.flatMap(({ finding, outcome }) =>
      "cannot" in outcome ? [briefFor(finding, outcome.cannot)] : [],
    ),
    fixes: done.map(({ finding }) => finding.id),
    review: { level: "read", reason: "Decides how the process ends; requests are answered as before." },
    services: [],
    env: [...new Set(done.flatMap((each) => each.env))],
    notes: [...new Set(done.flatMap(({ notes }) => notes))],
  };
}

function outcomeOf(finding: Finding, model: Model, templates: Templates): Outcome {
  if (finding.rule === "shutdown/incomplete-shutdown")
    return { cannot: "it has a handler of its own, which only its author can complete" };
  if (workings(model).some(({ takers }) => takers.some(({ id }) => id === finding.call)))
    return {
      cannot:
        "it is a process of jobs alone: on SIGTERM it has to close its workers (`await worker.close()` waits for the job in hand; in a Nest app `enableShutdownHooks()` does it for processors), then the connections, with a deadline",
    };
  if (finding.call === null) return { cannot: bunWay };
  const listening = listenings(model).find(({ listen }) => listen.call.id === finding.call);
  if (listening === undefined) return { cannot: "the place where it listens is no longer there" };
  const { service, listen, others } = listening;
  const framework = foreignFramework(listen);
  if (framework !== null && !isWritable(framework))
    return { cannot: ownWays[framework] ?? `it listens by ${framework}, which has a way of its own` };
  if (others.length > 0) return { cannot: `it listens in ${others.length + 1} places, which have to stop together` };
  if (isHeldBelow(model, service, oldestNode))
    return {
      cannot: `it runs on a Node older than ${oldestNode}, which no longer gets security fixes: raise Node first`,
    };
  const source = openSource(model.repo, listen.call.file);
  if (source === null) return { cannot: "the file that listens could not be parsed" };
  if (/\bcluster\.(fork|isPrimary|isMaster)\b/.test(source.text))
    return { cannot: "it forks a cluster, whose primary has to pass the signal on" };
  return patched(source, listen.call, service, model, templates);
}

function patched(source: Source, listen: CallSite, service: Service, model: Model, templates: Templates): Outcome {
  const file = newFile(model.repo, posix.dirname(source.file), "shutdown", source.file);
  const way = stopWay(source, listen, service, model);
  const { closers, edits, unreachable, runner } = closersOf(model, service, source.file);
  const own = way.closesAll ? [] : closers;
  const duties = dutiesOf(source, model, own, { mongoose: runner === null && !way.closesAll, first: way.close });
  const name = freeName(source, "closeOnSignal");
  const options = objectText([...way.properties, ...duties.properties]);
  const call = (server: string): string => `${name}(${server}${options === null ? "" : `, ${options}`})`;
  const handed = way.hand(call);
  if (handed.length === 0) return { cannot: "no statement can follow the call that listens" };
  const wish: ImportWish = {
    from: specifierFor(source.file, file, source.style),
    names: [{ name: "closeOnSignal", as: name }],
  };
  return {
    edits: [
      { kind: "create", file, text: moduleText(file, way.readiness, model, service, templates) },
      ...addImport(source, wish, ...way.imports, ...duties.imports),
      ...(way.closesAll ? [] : edits),
      ...handed,
      ...addEnv(model.repo, service.root, env),
    ],
    notes: notesFor(
      way.unseen,
      unreachable.map(({ api, file: at, line }) => `${api.replace(/:.*/, "")} (${at}:${line})`),
      runner,
      service,
    ),
    env,
  };
}

function notesFor(
  unseen: string | null,
  unreachable: readonly string[],
  runner: Place | null,
  { start }: Service,
): string[] {
  const command = start !== null && /^node\s/.test(start) ? start : "node";
  return [
    `Start \`${command}\` itself in production: npm and shells do not hand the signal on.`,
    "Give the process 10 seconds between the signal and the kill: docker stop does, Kubernetes gives 30.",
    ...(unseen === null ? [] : [unseen]),
    ...(unreachable.length > 0
      ? [
          `Not closed, because no module exports it for certain: ${unreachable.join(", ")}. Its connections end with the process.`,
        ]
      : []),
    ...(runner === null
      ? []
      : [
          `Connections are left open until the process ends, because jobs taken up at ${runner.file}:${runner.line} use them and nothing can stop those: export what runs them and close it first.`,
        ]),
  ];
}

/** `null` when there is nothing to say; one property a line when they are several with a list among them. */
function objectText(properties: readonly string[]): string | null {
  if (properties.length === 0) return null;
  const line = `{ ${properties.join(", ")} }`;
  return line.length <= 70 ? line : `{\n${properties.map((property) => `  ${property},\n`).join("")}}`;
}

/** The module in the app's dialect, writing to the app's own logger where it exports one. */
function moduleText(file: string, readiness: Readiness, model: Model, service: Service, templates: Templates): string {
  const style = styleFor(model.repo, file);
  const text = fill(templates("shutdown.ts"), {
    express: readiness === "express",
    reports: readiness === "reports",
    silent: readiness === "none",
    ...logWords(file, style, model, service),
  });
  return toDialect(text, style);
}

function logWords(file: string, style: Style, model: Model, service: Service): Record<string, string | boolean> {
  const own = appLogger(model, service);
  if (own !== null)
    return {
      logger: true,
      LOGGER_IMPORT: importStatement(file, style, own),
      INFO: `${own.local}.info`,
      ERROR: `${own.local}.error`,
    };
  const isNest = service.frameworks.some(({ name }) => name === "nestjs");
  return isNest
    ? { logger: true, LOGGER_IMPORT: nestLogger, INFO: "Logger.log", ERROR: "Logger.error" }
    : { logger: false, LOGGER_IMPORT: "", INFO: "console.log", ERROR: "console.error" };
}

function briefFor(finding: Finding, cannot: string): Brief {
  return {
    findingId: finding.id,
    where: { file: finding.file, line: finding.line },
    why: `The server was left as it is because ${cannot}.`,
    constraints: [
      "On SIGTERM and SIGINT: report not ready first, wait for the load balancer to notice, then stop listening.",
      "Requests under way get their whole answer, with `Connection: close`; idle connections are closed last.",
      "Then close databases, caches and queues, and exit with code 0; after 9 seconds exit with code 1.",
      "keepAliveTimeout is longer than the load balancer's idle time (60 seconds by default).",
    ],
    acceptance: "Under POST load through kept-alive connections, SIGTERM loses no request and the exit code is 0.",
  };
}
