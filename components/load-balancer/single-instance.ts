/** Notes where the deployment says that one process runs and no more, or opens the only one to the world. */
import type { Model } from "../../analyzers/model.ts";
import { countsOf, severalOf } from "../../analyzers/deployment/replicas.ts";
import { servingOf } from "../../analyzers/serving/serving.ts";
import { advice } from "../advice.ts";
import type { Match } from "../finding.ts";
import { openEntries } from "./edge/entry.ts";

/** One line of a deployment that holds for several services is one matter. */
export function singleInstances(model: Model): Match[] {
  const open = openEntries(model).map(({ service, composed: { file, line, name } }) =>
    advice(
      "load-balancer/single-instance",
      { file, line },
      {
        confidence: "medium",
        message: `The only container of ${name} is open to the world: while it restarts, is deployed or fails, nobody is served, and nothing before it says how large a request may be.`,
        anchor: service.name,
        fix: "patch",
      },
    ),
  );
  const matches = model.services.flatMap((service) => {
    if (servingOf(model, service).kind === "none" || severalOf(model, service) !== null) return [];
    if (open.some(({ anchor }) => anchor === service.name)) return [];
    const one = countsOf(model, service).find(({ count, note }) => count === 1 && !note.startsWith("pm2"));
    if (one === undefined) return [];
    return [
      advice("load-balancer/single-instance", one, {
        confidence: "high",
        message: `Exactly one instance runs (${one.note}): while it restarts, is deployed or fails, nobody is served.`,
        anchor: service.name,
      }),
    ];
  });
  const all = [...open, ...matches];
  return [...new Map(all.toReversed().map((match) => [`${match.file}:${match.line}`, match])).values()].toReversed();
}
