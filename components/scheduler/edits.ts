/** Claims and flags written down: a module of each kind per service, and a few words at each schedule. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { toDialectExpression, toDialectSnippet } from "../../patches/editors/dialect.ts";
import { importOf, type Export } from "../../patches/editors/import-of.ts";
import { addImport, type ImportWish } from "../../patches/editors/imports.ts";
import { indentAt, insert, openSource, type Range, type Source } from "../../patches/editors/source.ts";
import type { Templates } from "../component.ts";
import type { Claim } from "./claims.ts";
import { flagFile, guardFile, type GuardFile } from "./guard-file.ts";
import { jobNames } from "./job-names.ts";
import type { Schedule } from "./schedules.ts";
import type { Turns } from "./turns.ts";

/** Words to put into one file that speak of what another file exports. */
interface Words {
  schedule: Schedule;
  guard: Export;
  wishes: readonly ImportWish[];
  edits: (source: Source, name: string) => Edit[];
}

/** Claims stand around flags: a copy that is still at work takes no further tick from the others for long. */
export function editsFor(
  claims: readonly Claim[],
  turns: readonly Turns[],
  model: Model,
  templates: Templates,
): Edit[] {
  const flags = turns.flatMap((turn) => (turn.kind === "flag" ? [turn] : []));
  const names = jobNames(
    claims.map(({ schedule }) => schedule),
    model,
  );
  const modules = new Map<string, GuardFile>();
  const moduleOf = (kind: string, service: Service, make: () => GuardFile): GuardFile => {
    const key = `${kind} ${service.root}`;
    const known = modules.get(key) ?? make();
    modules.set(key, known);
    return known;
  };
  const ofService = <T extends { schedule: Schedule }>(all: readonly T[], { service }: Schedule): T[] =>
    all.filter(({ schedule }) => schedule.service === service);
  const words = [
    ...claims.map((claim, index): Words => {
      const { schedule } = claim;
      const make = (): GuardFile => guardFile(claim, ofService(claims, schedule), model, templates);
      const guard = moduleOf("claim", schedule.service, make);
      const isFlagged = flags.some((flag) => flag.schedule === schedule);
      const job = names[index] ?? "";
      const wishes = claim.kind === "method" ? claim.client.wishes : [];
      const closing = isFlagged ? "))" : ")";
      return { schedule, guard, wishes, edits: (source, name) => claimEdits(source, claim, name, job, closing) };
    }),
    ...flags.map(({ schedule, job }): Words => {
      const make = (): GuardFile => flagFile(ofService(flags, schedule), schedule, model, templates);
      const guard = moduleOf("flag", schedule.service, make);
      const isClaimed = claims.some((claim) => claim.kind === "wrap" && claim.schedule === schedule);
      return {
        schedule,
        guard,
        wishes: [],
        edits: (source, name) => around(source, job, `${name}(`, isClaimed ? "" : ")"),
      };
    }),
  ];
  return [
    ...[...modules.values()].flatMap(({ edits }) => edits),
    ...inFiles(words, model),
    // Behind the claims: an option that follows a job must not come into the call around it.
    ...turns.flatMap((turn) => (turn.kind === "option" ? turn.edits : [])),
  ];
}

function inFiles(words: readonly Words[], model: Model): Edit[] {
  const files = [...new Set(words.map(({ schedule }) => schedule.call.file))];
  return files.flatMap((file) => {
    const source = openSource(model.repo, file);
    if (source === null) return [];
    const here = words
      .filter(({ schedule }) => schedule.call.file === file)
      .map((each) => ({ ...each, ...importOf(source, each.guard) }));
    const wishes = here.flatMap(({ wish, wishes: more }) => [...more, ...(wish === null ? [] : [wish])]);
    return [...addImport(source, ...wishes), ...here.flatMap(({ edits, name }) => edits(source, name))];
  });
}

/** `closing` ends the call around the job, and the one inside of it where there are two. */
function claimEdits(source: Source, claim: Claim, guard: string, job: string, closing: string): Edit[] {
  if (claim.kind === "wrap") {
    const name = toDialectExpression(JSON.stringify(job), source.style);
    return around(source, claim.job, `${guard}(${name}, ${claim.seconds}, `, closing);
  }
  const line = `if (!(await ${guard}(${claim.client.expression}, ${JSON.stringify(job)}, ${claim.seconds}))) return;\n`;
  const text = toDialectSnippet(line, source.style).trimEnd();
  return [...claim.client.edits, insert(source, claim.at, `${text}\n\n${indentAt(source, claim.at)}`)];
}

function around(source: Source, { start, end }: Range, opening: string, closing: string): Edit[] {
  return [insert(source, start, opening), ...(closing === "" ? [] : [insert(source, end, closing)])];
}
