/** Processes that take jobs out of a queue: what the signal to stop does to the job that is in hand. */
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { CallSite, Model, Place, Service } from "../../analyzers/model.ts";
import { isBesideTheProduct } from "../../analyzers/serving/product.ts";
import { servingOf } from "../../analyzers/serving/serving.ts";

/** Where a process begins to take jobs. */
export interface Working {
  service: Service;
  /** The files that the process starts from. */
  entry: readonly string[];
  /** In the order in which they stand. */
  takers: CallSite[];
}

/** What works on jobs by itself; the framework's own way to start a process of nothing but jobs comes last. */
const takers = ["bullmq:Worker", "bull:().process", "bull:default().process"];
const bare = "@nestjs/core:NestFactory.createApplicationContext";
const processors = ["@nestjs/bullmq:Processor", "@nestjs/bull:Processor"];

/** One per process that works on jobs and answers no requests: a service of its own, or one beside the web process. */
export function workings(model: Model): Working[] {
  return model.services.flatMap((service) => {
    if (isServerless(model, service) || isBesideTheProduct(service.root)) return [];
    const beside = service.processes.map(({ entry = [] }) => entry.filter((file) => !service.entry.includes(file)));
    const alone = servingOf(model, service).kind === "none" ? [service.entry] : [];
    return [...alone, ...beside].flatMap((entry) => {
      const found = takersOf(entry, service, model);
      return found.length === 0 ? [] : [{ service, entry, takers: found }];
    });
  });
}

function takersOf(entry: readonly string[], service: Service, model: Model): CallSite[] {
  const decorated = processors.some((api) =>
    model.usesOf(api).some(({ call }) => model.service(call.file) === service),
  );
  const calls = [...takers, ...(decorated ? [bare] : [])].flatMap((api) => model.usesOf(api).map(({ call }) => call));
  const own = calls.filter((call) =>
    model.reach(call).some(({ entry: { kind, file } }) => kind === "process" && entry.includes(file)),
  );
  return [...new Map(own.map((call) => [call.id, call])).values()];
}

/** A worker of the web process that nothing closes, where Nest's hooks end the process; null where something may. */
export function leftByHooks(service: Service, model: Model): { hooks: CallSite; worker: Place } | null {
  const hooks = model
    .usesOf("@nestjs/core:NestFactory.create().enableShutdownHooks")
    .find(({ call }) => model.service(call.file) === service)?.call;
  if (hooks === undefined || closesWorkers(model)) return null;
  const worker = model.usesOf("bullmq:Worker").find(({ call }) => {
    const starts = model.reach(call).some(({ entry }) => entry.kind === "process");
    return starts && model.service(call.file) === service && model.context(call.file) === "server";
  });
  return worker === undefined ? null : { hooks, worker: { file: worker.call.file, line: worker.call.line } };
}

/** Somewhere a worker is closed: by whom, and when, is its author's matter. Kept in a list, it cannot be told which one is. */
export function closesWorkers(model: Model): boolean {
  return (
    model.usesOf("bullmq:Worker().close").length > 0 ||
    model.usesOf("bullmq:Worker").some(({ call }) => /worker\w*\??\.close\(/i.test(model.repo.read(call.file) ?? ""))
  );
}
