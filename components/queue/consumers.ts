/** Where jobs are put into queues and where they are taken out, by queue name. */
import type { CallSite, Known, Model, Use } from "../../analyzers/model.ts";

type Library = "bullmq" | "bull" | "bee-queue" | "pg-boss" | "agenda";

interface Fact {
  api: string;
  library: Library;
  /** Where the queue's name stands: an argument of the call, or of the construction that it hangs on. */
  name: { of: "call" | "construction"; at: number };
}

const at = (library: Library, of: "call" | "construction", ...apis: string[]): Fact[] =>
  apis.map((api) => ({ api, library, name: { of, at: 0 } }));

const taking: readonly Fact[] = [
  ...at("bullmq", "call", "bullmq:Worker"),
  ...at("bull", "construction", "bull:().process", "bull:default().process"),
  ...at("bee-queue", "construction", "bee-queue:().process"),
  ...at("pg-boss", "call", "pg-boss:().work", "pg-boss:PgBoss().work"),
  ...at(
    "agenda",
    "call",
    ...["agenda:()", "agenda:Agenda()", "@hokify/agenda:Agenda()", "@pulsecron/pulse:Pulse()"].map(
      (made) => `${made}.define`,
    ),
  ),
];

const putting: readonly Fact[] = [
  ...at("bullmq", "construction", "bullmq:Queue().add", "bullmq:Queue().addBulk"),
  ...at("bull", "construction", "bull:().add", "bull:().addBulk", "bull:default().add"),
  ...at("bee-queue", "construction", "bee-queue:().createJob"),
  ...at(
    "pg-boss",
    "call",
    "pg-boss:().send",
    "pg-boss:PgBoss().send",
    "pg-boss:().sendAfter",
    "pg-boss:PgBoss().sendAfter",
  ),
];

/** One end of a queue. */
export interface QueueEnd {
  use: Use;
  call: CallSite;
  library: Library;
  /** Null when it could not be read. */
  queue: string | null;
}

export function consumersOf(model: Model): QueueEnd[] {
  return endsOf(taking, model);
}

export function producersOf(model: Model): QueueEnd[] {
  return endsOf(putting, model);
}

function endsOf(facts: readonly Fact[], model: Model): QueueEnd[] {
  return facts.flatMap(({ api, library, name }) =>
    model.usesOf(api).map((use) => {
      const holder = name.of === "call" ? use.call : use.construction;
      return { use, call: use.call, library, queue: textOf(holder?.args[name.at]) };
    }),
  );
}

function textOf(value: Known | undefined): string | null {
  if (value?.kind === "literal" && typeof value.value === "string") return value.value;
  if (value?.kind === "object") return textOf(value.entries["name"]);
  return value?.kind === "env" && typeof value.default === "string" ? value.default : null;
}
