/** Keeps the answers of hot reads for a minute, and forgets them at every write of what they are made of. */
import { replicasOf } from "../../analyzers/deployment/replicas.ts";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import { callsIn } from "../../analyzers/code/calls-in.ts";
import { textOf } from "../../analyzers/code/text.ts";
import type { Fn, Model, Service } from "../../analyzers/model.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { openSource } from "../../patches/editors/source.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import { cachedModule, type CachedModule } from "./cached-module.ts";
import { forgetAfter } from "./forget-edits.ts";
import { givenAnswer } from "./given-answer.ts";
import { handlerBody } from "./handler-body.ts";
import { hiddenWrite } from "./hidden-writes.ts";
import { hotRoutes, isWritable } from "./hot-reads.ts";
import { keepStatements } from "./keep-statements.ts";
import { madeOf } from "./made-of.ts";
import type { Mended } from "./outcome.ts";
import { isElsewhere, writesOf, type Write } from "./table-writes.ts";

/** What the rule advises: long enough that a thousand visits are one read, short enough to wait for. */
const aMinute = "60 * 1000";

export interface KeptRead {
  finding: Finding;
  service: Service;
  file: string;
  keep: { edits: Edit[] };
  tables: readonly string[];
}

/** The edit at the read, with the tables whose writes have to forget it. */
export function keptRead(finding: Finding, model: Model): KeptRead | { cannot: string } {
  const found = hotRoutes(model).find(
    ({ match }) => match.anchor === finding.anchor && match.file === finding.file && match.line === finding.line,
  );
  const service = found === undefined ? null : model.service(found.handler.file);
  const source = found === undefined ? null : openSource(model.repo, found.handler.file);
  if (found === undefined || service === null || source === null) return { cannot: "the file could not be parsed" };
  const { route, handler } = found;
  if (!isWritable(route))
    return {
      cannot: `${route.framework} has a cache of its own, by \`revalidate\` or a header, which fits better than one in the process`,
    };
  const home = homeObstacle(model, service);
  if (home !== null) return { cannot: home };
  const body = handlerBody(source, handler);
  if ("cannot" in body) return body;
  const given = givenAnswer(body.statements.at(-1), route.framework, body.params);
  if ("cannot" in given) return given;
  if (route.framework.startsWith("nest") && serializes(model))
    return { cannot: "answers are shaped by the classes of their entities, which JSON forgets" };
  if (given.value === null && !isAnsweredAsJson(model, handler, given.statement.getStart(source.tree)))
    return { cannot: "what its last call makes of the answer was not seen" };
  const made = madeOf(model, handler);
  if ("cannot" in made) return made;
  const tables = made.names;
  const keep = keepStatements(
    source,
    body,
    given,
    finding.anchor,
    `{ ttlMs: ${aMinute}, tables: ${JSON.stringify(tables).replaceAll(",", ", ")} }`,
  );
  return "cannot" in keep ? keep : { finding, service, file: handler.file, keep, tables };
}

/** `sendResponse(res, { data })`: the app's own function writes it out as JSON. */
function isAnsweredAsJson(model: Model, handler: Fn, start: number): boolean {
  const helper = callsIn(model, handler).find(({ statement, args }) => statement.start === start && args.length > 0);
  const targets = helper === undefined ? [] : model.targets(helper);
  return targets.length > 0 && targets.every((fn) => /\.(json|send)\(/.test(textOf(model, fn)));
}

function serializes({ repo }: Model): boolean {
  return repo.files.some(
    (file) => file.endsWith(".ts") && /ClassSerializerInterceptor|@Exclude\(|@Expose\(/.test(repo.read(file) ?? ""),
  );
}

/** Where memory of the process would be wrong, and no Redis stands by. */
function homeObstacle(model: Model, service: Service): string | null {
  const { redis } = cachedModule(model, service);
  if (redis !== null) return null;
  if (isServerless(model, service))
    return "the host runs functions, which share no memory: a `Cache-Control` header with `s-maxage`, or a hosted Redis, keeps it";
  const replicas = replicasOf(model, service);
  return replicas.kind === "several"
    ? `several copies of the app run (${replicas.file}:${replicas.line}), none of which would learn what another wrote: a Redis that all share comes first`
    : null;
}

/** Every write of the tables gets its `forget`; the first that cannot says why. */
export function forgotten(
  tables: readonly string[],
  wanted: ReadonlySet<string>,
  service: Service,
  module: CachedModule,
  model: Model,
): Mended {
  const { byTable, unclear } = writesOf(model);
  if (unclear !== null)
    return {
      cannot: `which table is written at ${unclear.file}:${unclear.line} is not clear, so nobody could say when the answer stops being true`,
    };
  const hidden = hiddenWrite(model, tables);
  if (hidden !== null)
    return {
      cannot: `what is written at ${hidden.file}:${hidden.line} is not clear, so nobody could say when the answer stops being true`,
    };
  const writes = new Set(tables.flatMap((table) => byTable.get(table) ?? []));
  const mend: Extract<Mended, { edits: unknown }> = { edits: [], imports: [], notes: [] };
  for (const write of writes) {
    const all = [...byTable].flatMap(([table, list]) => (wanted.has(table) && list.includes(write) ? [table] : []));
    const done = forgottenAt(write, all, service, module, model);
    if ("cannot" in done) return done;
    mend.edits.push(...done.edits);
    mend.imports.push(...done.imports);
  }
  return mend;
}

function forgottenAt(
  write: Write,
  tables: readonly string[],
  service: Service,
  module: CachedModule,
  model: Model,
): Mended {
  const { call } = write.query.use;
  const place = `${call.file}:${call.line}`;
  if (isElsewhere(model, write, service) && (module.redis === null || model.service(call.file)?.root !== service.root))
    return { cannot: `the table is also written by another process (${place}), which cannot tell this one` };
  if (write.inTransaction)
    return {
      cannot: `the table is written in a transaction (${place}), and what is kept may be forgotten only once that is through`,
    };
  const source = openSource(model.repo, call.file);
  if (source === null) return { cannot: `${call.file} could not be parsed` };
  const names = tables.map((table) => JSON.stringify(table)).join(", ");
  const edits = forgetAfter(source, call, `await forget(${names})`);
  if ("cannot" in edits) return edits;
  return {
    edits,
    imports: [
      { file: call.file, wish: { from: specifierFor(call.file, module.file, source.style), names: ["forget"] } },
    ],
    notes: [],
  };
}
