/** Finds the scenario an experiment asks for: by role, or by what its routes reach in the source. */
import type { Model, Reach, Route, SinkKind } from "../../analyzers/model.ts";
import type { Scenario, Step, Subject } from "../experiment.ts";

/** What an experiment needs of a scenario. Without a role, any scenario whose measured routes reach one of the sinks will do. */
export interface Wanted {
  role?: string;
  reaches?: readonly SinkKind[];
}

/** The first scenario that fits, those whose answer waits for a sink before the others; otherwise the reason in one sentence. */
export function selectScenario(subject: Subject, wanted: Wanted): Scenario | { cannot: string } {
  const { role, reaches } = wanted;
  const ofRole = subject.scenarios.filter((scenario) => role === undefined || scenario.role === role);
  if (role !== undefined && ofRole.length === 0) {
    return { cannot: `No scenario with the role ${role} can be driven; describe one in shoreup.config.json.` };
  }
  const reaching = reaches ? ofRole.filter((scenario) => reachesSink(subject.before, scenario, reaches)) : ofRole;
  const first = reaching.find((scenario) => waitsFor(subject.before, scenario, reaches ?? [])) ?? reaching[0];
  if (first) return first;
  const what = (reaches ?? []).join(", ") || "any route";
  const among = role === undefined ? "No scenario" : `No scenario with the role ${role}`;
  return { cannot: `${among} drives a route whose code reaches ${what}; describe one in shoreup.config.json.` };
}

/** True when a measured step of the scenario calls a route from which a call of one of the kinds can run. */
export function reachesSink(model: Model, scenario: Scenario, kinds: readonly SinkKind[]): boolean {
  return sinkReaches(model, scenario, kinds).length > 0;
}

/** True when the route answers only after such a call has ended. */
function waitsFor(model: Model, scenario: Scenario, kinds: readonly SinkKind[]): boolean {
  return sinkReaches(model, scenario, kinds).some(({ detached }) => !detached);
}

function sinkReaches(model: Model, scenario: Scenario, kinds: readonly SinkKind[]): Reach[] {
  const routes = new Set(routesOf(model, scenario).map(({ id }) => id));
  return model
    .usesOfKind(...kinds)
    .flatMap(({ call }) => model.reach(call))
    .filter(({ entry }) => entry.routeId !== null && routes.has(entry.routeId));
}

/** The app's routes behind the measured steps. */
export function routesOf(model: Model, scenario: Scenario): Route[] {
  return model.routes.filter((route) => scenario.measured.some((step) => calls(step, route)));
}

function calls(step: Step, route: Route): boolean {
  if (route.method !== "ALL" && route.method !== step.method.toUpperCase()) return false;
  const asked = segments(step.path.split("?", 1)[0] ?? "");
  const registered = segments(route.path);
  if (asked.length !== registered.length) return false;
  return registered.every((part, index) => part.startsWith(":") || part === "*" || part === asked[index]);
}

function segments(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}
