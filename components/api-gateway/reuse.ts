/** Limits open routes with what the app limits its other routes with, so that there is one way to do it and not two. */
import { textOf } from "../../analyzers/code/text.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { bindingsOf } from "../../patches/editors/import-declarations.ts";
import { importOf, isSameModule } from "../../patches/editors/import-of.ts";
import { addImport, type ImportWish } from "../../patches/editors/imports.ts";
import { openSource, type Source } from "../../patches/editors/source.ts";
import type { OpenRoute } from "./detect.ts";
import type { Wanted } from "./limit-work.ts";
import { majority } from "./majority.ts";
import { limitBrief, type Outcome } from "./outcome.ts";
import type { OwnLimit } from "./own-limits.ts";
import { limitRegistration } from "./registration.ts";

interface Done {
  outcomes: Outcome[];
  edits: Edit[];
  notes: string[];
}

export function reuseOwnLimits(wanted: readonly Wanted[], own: readonly OwnLimit[], model: Model): Done {
  const done: Done = { outcomes: [], edits: [], notes: [] };
  for (const file of new Set(wanted.map(({ open }) => open.route.file))) {
    const source = openSource(model.repo, file);
    const wishes: ImportWish[] = [];
    for (const { finding, open } of wanted.filter((each) => each.open.route.file === file)) {
      const put = source === null ? { cannot: "the file could not be parsed" } : limited(source, open, own, model);
      if ("cannot" in put) {
        done.outcomes.push({ finding, brief: limitBrief(put.cannot) });
        continue;
      }
      done.outcomes.push({ finding, brief: null });
      done.edits.push(...put.edits);
      done.notes.push(`${put.like} is what the app limits ${put.place} with.`);
      if (put.wish !== null) wishes.push(put.wish);
    }
    if (source !== null && wishes.length > 0) done.edits.push(...addImport(source, ...wishes));
  }
  return done;
}

type Put = { edits: Edit[]; wish: ImportWish | null; like: string; place: string } | { cannot: string };

function limited(source: Source, open: OpenRoute, own: readonly OwnLimit[], model: Model): Put {
  const limit = fitting(open, own, model);
  const [first] = own;
  const where = first === undefined ? "" : ` (${first.file}:${first.line})`;
  const cannot = `the app limits its routes in a way of its own${where}, which may not fit here; use that, not a second one`;
  if (limit === null) return { cannot };
  const written = textIn(source, limit, model);
  if (written === null) return { cannot };
  const limiter = { name: written.text, isPerUser: open.limit === "expensive", after: limit.before };
  const edits = limitRegistration(source, open.route, open.match.routes, limiter);
  if ("cannot" in edits) return edits;
  return { edits, wish: written.wish, like: `\`${limit.text}\``, place: `${limit.file}:${limit.line}` };
}

/**
 * What most routes of the same sort have. What a login is limited with is strict enough for anything, the other way round it
 * is not; a middleware that reads the body is made for the routes it stands at.
 */
function fitting(open: OpenRoute, own: readonly OwnLimit[], model: Model): OwnLimit | null {
  const isAccount = open.limit !== "expensive";
  const free = own.filter(({ isMade, fn }) => isMade || !/\bbody\b/.test(textOf(model, fn)));
  const made = free.filter(({ isMade }) => isMade);
  const fit = !isAccount && made.length > 0 ? made : free.filter(({ guardsAccounts }) => guardsAccounts === isAccount);
  const text = majority(fit.map((each) => each.text));
  return fit.find((each) => each.text === text) ?? null;
}

/** The same expression for another file, with the import it takes; null when its first name cannot be had there for certain. */
function textIn(
  source: Source,
  { file, text, fn }: OwnLimit,
  model: Model,
): { text: string; wish: ImportWish | null } | null {
  const [root = ""] = /^[\w$]+/.exec(text) ?? [];
  const from = openSource(model.repo, file);
  const binding =
    from === null ? undefined : bindingsOf(from).find(({ local, typeOnly }) => local === root && !typeOnly);
  if (file === source.file) {
    const isTop = binding !== undefined || model.summary(file)?.functions[0]?.bindings[root] !== undefined;
    return isTop ? { text, wish: null } : null;
  }
  if (binding === undefined || !isSameModule(file, binding.from, fn.file)) return null;
  const { name, wish } = importOf(source, { file: fn.file, exported: binding.imported, local: root });
  return { text: name + text.slice(root.length), wish };
}
