/** Puts what is the same for everybody into the app's own cache, with one module per service for all of it. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { cachedModule, moduleEdits } from "./cached-module.ts";
import { forgotten, keptRead, type KeptRead } from "./hot-read-mend.ts";
import { importFor } from "./import-for.ts";
import type { Mend, Outcome } from "./outcome.ts";
import { keptAskings } from "./outside-mend.ts";

interface Kept {
  finding: Finding;
  service: Service;
  mend: Mend;
  /** Whether writes have to forget it. */
  tables: boolean;
}

export function keepAnswers(findings: readonly Finding[], model: Model, templates: Templates): Outcome[] {
  const reads = findings.filter(({ rule }) => rule === "cache/hot-read-uncached");
  const tried = reads.map((finding) => ({ finding, read: keptRead(finding, model) }));
  const failed = tried.flatMap(({ finding, read }) => ("cannot" in read ? [{ finding, mended: read }] : []));
  const kept = forgettable(
    tried.flatMap(({ read }) => ("cannot" in read ? [] : [read])),
    model,
  );
  const asked = findings
    .filter(({ rule }) => rule === "cache/external-call-on-every-request")
    .map((finding) => ({ finding, asking: keptAskings(finding, model) }));
  const done: Kept[] = [
    ...kept.done,
    ...asked.flatMap(({ finding, asking }) => ("service" in asking ? [{ finding, tables: false, ...asking }] : [])),
  ];
  const others = asked.flatMap(({ finding, asking }) => ("service" in asking ? [] : [{ finding, mended: asking }]));
  return [...failed, ...kept.failed, ...others, ...withModules(done, model, templates)];
}

/** Those of which every write can be told; the others say which one cannot. */
function forgettable(reads: readonly KeptRead[], model: Model): { done: Kept[]; failed: Outcome[] } {
  const isPossible = (read: KeptRead): boolean => !("cannot" in writesMended(read, read.tables, model));
  const possible = reads.filter(isPossible);
  const failed = reads.flatMap((read) => {
    const mended = writesMended(read, read.tables, model);
    return "cannot" in mended ? [{ finding: read.finding, mended }] : [];
  });
  const done = possible.flatMap((read) => {
    const same = possible.filter(({ service }) => service === read.service);
    const mended = writesMended(
      read,
      same.flatMap(({ tables }) => tables),
      model,
    );
    if ("cannot" in mended) return [];
    const mend = {
      ...mended,
      edits: [...read.keep.edits, ...mended.edits],
      imports: [importFor(read.file, read.service, model), ...mended.imports],
    };
    return [{ finding: read.finding, service: read.service, mend, tables: true }];
  });
  return { done, failed };
}

function writesMended(
  { tables, service }: KeptRead,
  all: readonly string[],
  model: Model,
): ReturnType<typeof forgotten> {
  const module = cachedModule(model, service);
  if (!module.forgets) return { cannot: `${module.file} has no \`forget\` yet` };
  return forgotten(tables, new Set(all), service, module, model);
}

/** The first mend of each service brings the module. */
function withModules(kept: readonly Kept[], model: Model, templates: Templates): Outcome[] {
  const seen = new Set<Service>();
  return kept.map(({ finding, service, mend }) => {
    if (seen.has(service)) return { finding, mended: mend };
    seen.add(service);
    const tables = kept.some((each) => each.service === service && each.tables);
    const { edits, notes } = moduleEdits(cachedModule(model, service), { tables }, model, service, templates);
    return { finding, mended: { ...mend, edits: [...mend.edits, ...edits], notes: [...mend.notes, ...notes] } };
  });
}
