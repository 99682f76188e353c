/** Moves slow outside work out of the request: jobs in the app's own database, a worker process, and an `enqueue` at each call. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Brief, Edit } from "../../patches/edit.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefByHand, briefFor } from "./briefs.ts";
import { enqueueEdits, onceEdits } from "./call-edits.ts";
import { homeOf, queueFiles } from "./queue-files.ts";
import type { Home } from "./queue-files.ts";
import { casesOf } from "./cases.ts";
import { planFor } from "./plan-moves.ts";
import type { Move } from "./plan-moves.ts";
import { processEdits } from "./process-edits.ts";
import { mayLackNode, obstacleTo } from "./services.ts";
import type { Store } from "./services.ts";
import type { Work } from "./work.ts";

interface Job {
  finding: Finding;
  works: Work[];
  moves: Move[];
}

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const briefs: Brief[] = [];
  const jobs = new Map<Service, Job[]>();
  const cases = casesOf(model);
  for (const finding of findings) {
    const found = cases.find(({ rule, call }) => rule === finding.rule && call.id === finding.call);
    const service = model.service(finding.file);
    if (found === undefined || service === null) {
      const brief = briefByHand(finding, model);
      if (brief !== null) briefs.push(brief);
      continue;
    }
    const plan = planFor(found.works, model);
    const obstacle = obstacleTo(model, finding.file) ?? plan.obstacle;
    if (obstacle !== null) briefs.push(briefFor(finding, obstacle, model));
    else jobs.set(service, [...(jobs.get(service) ?? []), { finding, works: found.works, moves: plan.moves }]);
  }
  const drafts = [...jobs].map(([service, list]) => draftFor(service, list, model, templates));
  return {
    edits: drafts.flatMap(({ edits }) => edits),
    briefs,
    fixes: drafts.flatMap(({ fixes }) => fixes),
    review: {
      level: "read",
      reason:
        "Work moves to another process and becomes retried: check that each job may run a little later and twice.",
    },
    services: drafts.flatMap(({ service }) => service),
    env: [],
    notes: drafts.flatMap(({ notes }) => notes),
  };
}

interface ServiceDraft {
  edits: Edit[];
  fixes: string[];
  service: string[];
  notes: string[];
}

const keptBy: Readonly<Record<Store["kind"], { service: string; words: string }>> = {
  "pg-boss": { service: "postgres", words: "pg-boss, in the app's own Postgres" },
  bullmq: { service: "redis", words: "BullMQ, in the app's own Redis" },
  agenda: { service: "mongodb", words: "Agenda, in the app's own MongoDB" },
};

const nothing: ServiceDraft = { edits: [], fixes: [], service: [], notes: [] };

function draftFor(service: Service, jobs: readonly Job[], model: Model, templates: Templates): ServiceDraft {
  const home = homeOf(service, model);
  if (home === null) return nothing;
  const moves = distinct(jobs.flatMap((job) => job.moves));
  const files = queueFiles(home, moves, model, templates);
  const calls = enqueueEdits(home, files.named, model);
  const steps = onceEdits(
    home,
    jobs.flatMap(({ works }) => works),
    files.named,
    model,
  );
  return {
    edits: [...files.edits, ...calls, ...steps, ...processEdits(service, home, model)],
    fixes: jobs.map(({ finding }) => finding.id),
    service: [keptBy[home.store.kind].service],
    notes: notesFor(home, files.named, model),
  };
}

function distinct(moves: readonly Move[]): Move[] {
  return [...new Map(moves.map((move) => [move.call.id, move])).values()];
}

function notesFor({ service, store, worker }: Home, named: readonly Move[], model: Model): string[] {
  const names = [...new Set(named.map(({ job }) => job))].join(", ");
  return [
    `Jobs (${names}) are kept by ${keptBy[store.kind].words}; install the new package so that the lockfile knows it.`,
    `In production a second process must run beside the web process: \`${worker.command}\` (script \`worker\`). Without it jobs wait.`,
    "Jobs are used when NODE_ENV is `production`; otherwise they run at once in the web process, and the log says so.",
    "Jobs hold what these functions are given, in the job store: look for secrets that should not be kept there.",
    ...(mayLackNode(store, model, service)
      ? [
          `pg-boss needs Node 22.12 or newer; the app ${service.nodeVersion === null ? "does not say which it runs on" : `also allows older ones (${service.nodeVersion})`}.`,
        ]
      : []),
    ...(store.kind === "bullmq"
      ? ["This Redis must keep its keys: `maxmemory-policy noeviction`, and persistence on."]
      : []),
    ...(store.kind === "agenda"
      ? ["What is written for MongoDB was checked against Agenda's types and not run: try it once with your database."]
      : []),
  ];
}
