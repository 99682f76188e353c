/** Puts limiters into the registrations of a service's open routes, and writes the module they come from. */
import { textOf } from "../../analyzers/code/text.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import { addImport, type ImportWish } from "../../patches/editors/imports.ts";
import { openSource } from "../../patches/editors/source.ts";
import type { Templates } from "../component.ts";
import type { Wanted } from "./limit-work.ts";
import { kindOf } from "./limit-numbers.ts";
import { limiterMajor, limiterModule } from "./limiter-module.ts";
import { limiterChooser, type Limiter, type LimiterKind } from "./limiters.ts";
import { limitBrief, type Outcome } from "./outcome.ts";
import { limitRegistration } from "./registration.ts";

/** The module that the new limiters come from, for those that are used. */
type ModuleWriter = (file: string, kinds: ReadonlySet<LimiterKind>) => { edits: Edit[]; notes: string[] };

export function limitRoutes(
  service: Service,
  wanted: readonly Wanted[],
  model: Model,
  templates: Templates,
): { outcomes: Outcome[]; edits: Edit[]; notes: string[] } {
  if (limiterMajor(service) < 6) {
    const why = "the app's express-rate-limit is older than version 6 and has to be brought up to date first";
    return { outcomes: wanted.map(({ finding }) => ({ finding, brief: limitBrief(why) })), edits: [], notes: [] };
  }
  return limitRegistrations(wanted, model, limiterChooser(model, service), (file, kinds) =>
    limiterModule(file, kinds, refuseByStatus(wanted, model), service, model, templates),
  );
}

/** Limiters among the arguments of registrations, in whatever framework takes them there. */
export function limitRegistrations(
  wanted: readonly Wanted[],
  model: Model,
  choose: (kind: LimiterKind) => Limiter,
  write: ModuleWriter,
): { outcomes: Outcome[]; edits: Edit[]; notes: string[] } {
  const files = [...new Set(wanted.map(({ open }) => open.route.file))];
  const done = files.map((file) =>
    limitFile(
      file,
      wanted.filter(({ open }) => open.route.file === file),
      model,
      choose,
    ),
  );
  const edits = done.flatMap((each) => each.edits);
  const fresh = new Map(
    done.flatMap(({ used }) =>
      used.filter(({ limiter }) => limiter.isNew).map(({ kind, limiter }) => [kind, limiter.file]),
    ),
  );
  const [file] = fresh.values();
  const module = file === undefined ? { edits: [], notes: [] } : write(file, new Set(fresh.keys()));
  return {
    outcomes: done.flatMap(({ outcomes }) => outcomes),
    edits: [...module.edits, ...edits],
    notes: module.notes,
  };
}

interface FileDone {
  outcomes: Outcome[];
  edits: Edit[];
  used: { kind: LimiterKind; limiter: Limiter }[];
}

function limitFile(
  file: string,
  wanted: readonly Wanted[],
  model: Model,
  choose: (kind: LimiterKind) => Limiter,
): FileDone {
  const done: FileDone = { outcomes: [], edits: [], used: [] };
  const source = openSource(model.repo, file);
  const wishes: ImportWish[] = [];
  for (const { finding, open } of wanted) {
    const kind = kindOf[open.limit];
    const limiter = choose(kind);
    const named = source === null ? null : importOf(source, limiter);
    const name = { name: named?.name ?? "", isPerUser: kind === "expensive" };
    const edits =
      source === null
        ? { cannot: "the file could not be parsed" }
        : limitRegistration(source, open.route, open.match.routes, name);
    if ("cannot" in edits) {
      done.outcomes.push({ finding, brief: limitBrief(edits.cannot) });
      continue;
    }
    done.outcomes.push({ finding, brief: null });
    done.edits.push(...edits);
    done.used.push({ kind, limiter });
    if (named?.wish) wishes.push(named.wish);
  }
  if (source !== null && wishes.length > 0) done.edits.push(...addImport(source, ...wishes));
  return done;
}

/** Whether wrong passwords can be told from right ones by the status of the answer on all these routes; pages redirect both. */
function refuseByStatus(wanted: readonly Wanted[], model: Model): boolean {
  return wanted.every(({ open: { limit, route } }) => {
    const fn = model.fn(route.handlers.at(-1)?.fn ?? "");
    if (limit !== "credentials") return true;
    const text = fn === null ? "" : textOf(model, fn);
    return (
      /(?<![\w.])4(00|01|03|22)(?![\w.])|unauthori[sz]ed|bad_?request/i.test(text) &&
      !/\.(redirect|render)\(/.test(text)
    );
  });
}
