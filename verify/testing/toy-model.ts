/** A model of a few routes with chosen sinks. For the lab's own tests. */
import type { CallSite, Model, Route, SinkKind, Use } from "../../analyzers/model.ts";

export interface ToyRoute {
  method: string;
  path: string;
  reaches: readonly SinkKind[];
  /** The route answers before its sinks end. */
  isDetached?: boolean;
}

const span = { start: 0, end: 0, line: 1, endLine: 1, column: 0 };

function site(id: string): CallSite {
  const place = { file: "app.ts", line: 1, fn: "app.ts#0", args: [], span, statement: span };
  return { ...place, id, isNew: false, use: "awaited", awaited: true, inLoop: false, guarded: false };
}

function toyRoute({ method, path }: ToyRoute, index: number): Route {
  const place = { file: "app.ts", line: 1 };
  const handlers = [{ fn: `app.ts#${index + 1}`, api: null, place, construction: null }];
  const chain = { middleware: [], handlers, registration: null };
  return {
    id: `${method} ${path}`,
    method,
    path,
    ...place,
    service: "toy",
    framework: "express",
    via: "http",
    ...chain,
  };
}

export function toyModel(toyRoutes: readonly ToyRoute[]): Model {
  const routes = toyRoutes.map(toyRoute);
  const sinks = toyRoutes.flatMap(({ method, path, reaches, isDetached = false }) =>
    reaches.map((kind, index) => {
      const routeId = `${method} ${path}`;
      return { kind, routeId, isDetached, call: site(`${routeId} ${index}`) };
    }),
  );
  const uses = sinks.map(({ kind, call }): Use => ({
    api: "toy:",
    package: "toy",
    kind,
    call,
    construction: null,
    certainty: "proven",
  }));
  return {
    repo: { root: "/nowhere", commit: null, files: [], skipped: [], bytes: 0, has: () => false, read: () => null },
    services: [],
    deploy: [],
    routes,
    entries: [],
    uses,
    skipped: [],
    timings: {},
    context: () => "server",
    service: () => null,
    summary: () => null,
    fn: () => null,
    functions: () => [],
    callers: () => [],
    handedTo: () => [],
    targets: () => [],
    reach: ({ id }) =>
      sinks
        .filter(({ call }) => call.id === id)
        .map(({ routeId, call, isDetached }) => ({
          entry: { kind: "route", file: "app.ts", line: 1, fn: "app.ts#0", label: routeId, routeId },
          path: [],
          calls: [call],
          detached: isDetached,
          deferred: false,
          certainty: "proven",
        })),
    usesOf: () => [],
    usesOfKind: (...kinds) => uses.filter(({ kind }) => kind !== null && kinds.includes(kind)),
    usesAt: () => [],
    usesOn: () => [],
    callsIn: () => [],
    call: () => null,
  };
}
