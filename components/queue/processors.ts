/** Nest's processors: classes that take jobs in whichever process loads their module, the web process as a rule. */
import type { Model } from "../../analyzers/model.ts";
import { servingOf } from "../../analyzers/serving/serving.ts";
import type { Match } from "../finding.ts";

/** `@Processor("labels")` stands on a class that Nest runs wherever its module is loaded. */
const processors = ["@nestjs/bullmq:Processor", "@nestjs/bull:Processor"];
const heavyKinds = ["pdf", "image", "cpu"] as const;

/** Processors of the web process whose jobs keep the processor busy: waiting for a mail server there harms nobody. */
export function heavyProcessors(model: Model): Match[] {
  const marks = processors.flatMap((api) => model.usesOf(api));
  if (marks.length === 0) return [];
  return model.services.flatMap((service) => {
    const own = marks.filter(
      ({ call }) => model.service(call.file) === service && model.context(call.file) === "server",
    );
    if (own.length === 0 || service.processes.length > 0 || servingOf(model, service).kind === "none") return [];
    const files = new Set(own.map(({ call }) => call.file));
    const heavy = heavyKinds
      .flatMap((kind) => model.usesOfKind(kind))
      .flatMap((use) => model.reach(use.call).map((way) => ({ use, way })))
      .find(({ way: { entry } }) => entry.kind === "worker-job" && files.has(entry.file));
    const mark = own.find(({ call }) => call.file === heavy?.way.entry.file);
    if (heavy === undefined || mark === undefined) return [];
    const { call, api } = mark;
    return [
      {
        rule: "queue/worker-in-web-process",
        file: call.file,
        line: call.line,
        confidence: "medium",
        message: `The process that answers requests also runs ${heavy.way.entry.label}, and that is heavy work (${heavy.use.call.file}:${heavy.use.call.line}): each such job slows every request, and more workers mean more web servers.`,
        also: [{ file: heavy.use.call.file, line: heavy.use.call.line }],
        routes: [],
        path: heavy.way.path,
        call: call.id,
        anchor: `${api} in ${service.name}`,
        fix: "brief",
      },
    ];
  });
}
