/** Cloudflare Workers: what an entry exports beside `fetch` runs on a schedule, for a queue's batches or for a mail. */
import { idOf } from "../link/program.ts";
import type { Entry } from "../model.ts";
import type { Framework, LinkedApp } from "./framework.ts";

const HANDLERS: Readonly<Record<string, Pick<Entry, "kind" | "label">>> = {
  scheduled: { kind: "schedule", label: "cron of the worker" },
  queue: { kind: "worker-job", label: "job of the worker's queue" },
  email: { kind: "event", label: "mail to the worker" },
};

export const workers: Framework = {
  name: "workers",
  find: (app) => ({
    routes: [],
    entries: app.services.flatMap(({ entry }) => entry.flatMap((file) => exportedBy(app, file))),
  }),
};

function exportedBy({ linked: { solver } }: LinkedApp, path: string): Entry[] {
  const file = solver.program.files.get(path);
  const exported = file === undefined ? [] : solver.exported(file, "default");
  const isServed = exported.some((token) => token.kind === "object" && solver.member(token, "fetch").length > 0);
  if (!isServed) return [];
  return Object.entries(HANDLERS).flatMap(([name, { kind, label }]) =>
    exported
      .flatMap((token) => (token.kind === "object" ? solver.member(token, name) : []))
      .flatMap((token) => (token.kind === "fn" ? [token.fn] : []))
      .map((fn) => ({ kind, label, fn: idOf(fn), file: path, line: fn.fact.span.line, routeId: null })),
  );
}
