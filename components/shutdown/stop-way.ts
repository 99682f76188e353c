/** What differs from framework to framework when a server is stopped: where it is in hand, what says that it stops. */
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Edit } from "../../patches/edit.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import type { ImportWish } from "../../patches/editors/imports.ts";
import type { Source } from "../../patches/editors/source.ts";
import { insertBefore, statementAt } from "../../patches/editors/statements.ts";
import { appExpression, handServerTo, plain, receiverOf } from "./listen-call.ts";
import { foreignFramework } from "./listening.ts";

/** How a readiness check learns of it: by `app.locals`, by a function that is called, or not at all. */
export type Readiness = "express" | "reports" | "none";

export interface StopWay {
  readiness: Readiness;
  /** Properties of the object that is handed over, besides what is closed. */
  properties: string[];
  imports: ImportWish[];
  /** What is closed before the app's clients. */
  close: string[];
  /** Whether the framework closes the clients itself. */
  closesAll: boolean;
  /** Edits that hand the server over; `call` writes the call for a server expression. */
  hand(call: (server: string) => string): Edit[];
  /** The sentence for a reader whose readiness check sees nothing of it. */
  unseen: string | null;
}

const writable: ReadonlySet<string> = new Set(["Fastify", "Koa", "Hono", "NestJS"]);

/** Frameworks on Node's own HTTP server that do not stop in order by themselves. */
export function isWritable(framework: string): boolean {
  return writable.has(framework);
}

export function stopWay(source: Source, listen: CallSite, service: Service, model: Model): StopWay {
  const [framework = null] = model.usesAt(listen).map((use) => foreignFramework(use));
  const hand = (call: (server: string) => string): Edit[] => handServerTo(source, listen, model, call);
  if (framework === null) {
    const app = appExpression(model, source, listen);
    const properties = app === null ? [] : [app === "app" ? app : `app: ${app}`];
    const unseen =
      app === null
        ? "The app object is not in reach where the server listens, so no readiness check can see that it is stopping."
        : null;
    return { readiness: "express", properties, imports: [], close: [], closesAll: false, hand, unseen };
  }
  const said = reporter(source, service, model);
  if (framework === "Fastify") return { ...said, ...ofFastify(source, listen, service, model) };
  if (framework === "NestJS") return { ...said, ...ofNest(source, listen, service, model) };
  // `serve` may make a server of HTTP/2, too; without options for one it is an ordinary one.
  const isTyped = framework === "Hono" && source.style.language === "typescript";
  return {
    ...said,
    imports: [...said.imports, ...(isTyped ? [{ from: "node:http", names: ["Server"], typeOnly: true }] : [])],
    close: [],
    closesAll: false,
    hand: isTyped ? (call) => hand((server) => call(`${server} as Server`)) : hand,
  };
}

type OwnClose = Pick<StopWay, "close" | "closesAll" | "hand">;

/** Its server is there before it listens; its own `close` runs the hooks that close what plugins opened. */
function ofFastify(source: Source, listen: CallSite, service: Service, model: Model): OwnClose {
  const app = receiverOf(source, listen);
  const files = new Set(serverFiles(model, service));
  const hooks = model.usesOf("fastify:**.addHook").filter(
    ({
      call: {
        file,
        args: [name],
      },
    }) => {
      return files.has(file) && name?.kind === "literal" && name.value === "onClose";
    },
  );
  return { ...closedBy(source, listen, app, `${app}.server`), closesAll: hooks.length > 0 };
}

const lifeCycle = /\b(onModuleDestroy|beforeApplicationShutdown|onApplicationShutdown)\s*\(/;

/**
 * Its hooks for the signal alone never end a busy process: connections that clients keep open go on bringing requests, since
 * no answer says `Connection: close` (tried with Nest 11 and Node 24). Its own `close` runs the hooks of all providers.
 */
function ofNest(source: Source, listen: CallSite, service: Service, model: Model): OwnClose {
  const app = receiverOf(source, listen);
  const closesAll = serverFiles(model, service).some((file) => lifeCycle.test(model.repo.read(file) ?? ""));
  return { ...closedBy(source, listen, app, `${app}.getHttpServer()`), closesAll };
}

/** The server is handed over before it listens, and the framework's own `close` comes first. */
function closedBy(source: Source, listen: CallSite, app: string, server: string): Omit<OwnClose, "closesAll"> {
  const statement = statementAt(source, listen.span.start);
  const close = [`() => ${app}.close()`];
  // `create().then((app) => app.listen(3000))`: before the statement there is no `app`.
  const isOutside = statement === null || source.text.slice(statement.start, listen.span.start).includes("=>");
  if (isOutside || !plain.test(app)) return { close, hand: () => [] };
  return { close, hand: (call) => [insertBefore(source, statement, `${call(server)};`)] };
}

/** The app's function that its readiness check looks at, by the name under which health addresses bring it. */
function reporter(
  source: Source,
  service: Service,
  model: Model,
): Pick<StopWay, "readiness" | "properties" | "imports" | "unseen"> {
  const exported = "reportStopping";
  for (const file of serverFiles(model, service)) {
    if (!model.functions(file).some(({ exportedAs }) => exportedAs.includes(exported))) continue;
    const { name, wish } = importOf(source, { file, exported, local: exported });
    return {
      readiness: "reports",
      properties: [`onStop: ${name}`],
      imports: wish === null ? [] : [wish],
      unseen: null,
    };
  }
  const unseen = "No readiness check of the app can see that it is stopping.";
  return { readiness: "none", properties: [], imports: [], unseen };
}
