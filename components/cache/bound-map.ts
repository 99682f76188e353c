/** Puts an LRU cache in a Map's place where its entries can be let go. */
import type { Change } from "../../analyzers/state/cell-changes.ts";
import type { Cell } from "../../analyzers/state/cells.ts";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";
import type { Edit } from "../../patches/edit.ts";
import { insertArgument } from "../../patches/editors/calls.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { openSource, replace, type Source } from "../../patches/editors/source.ts";
import { fateOf, type Fate } from "./kept-entries.ts";
import { keptMap, type KeptMap } from "./map-uses.ts";
import type { Mended } from "./outcome.ts";

/** Counters of a few hundred bytes: 100,000 take some 20 MB, and as many addresses at once are an attack. */
const manyCounters = "100000";
/** What is made again may be large: a thousand answers of 50 KB are 50 MB. */
const manyAnswers = "1000";
/** For what nobody said how long it is good: an hour, as for the rates and lists in the guide. */
const anHour = "60 * 60 * 1000";

export function boundMap(cell: Cell, model: Model): Mended {
  const service = model.service(cell.file);
  const source = openSource(model.repo, cell.file);
  if (service === null || source === null) return { cannot: "the file could not be parsed" };
  if (cell.shape !== "map")
    return { cannot: `\`${cell.name}\` is ${shapes[cell.shape]}, which has no limit that could be set` };
  const fate = fateOf(model, cell);
  if (fate.kind === "only-here")
    return { cannot: `nothing else knows what is in \`${cell.name}\`: an entry that is let go is lost` };
  const map = keptMap(source, cell);
  if ("cannot" in map) return map;
  const library = lruCache(model, service);
  if ("cannot" in library) return library;
  if (/\b(null|undefined|unknown)\b/.test(map.types ?? ""))
    return { cannot: "its entries may be nothing, which an LRU cache does not keep" };
  const { age, edits } = aged(source, cell, map, fate);
  const max = fate.kind === "over" ? manyCounters : manyAnswers;
  const types = source.style.language === "typescript" ? `<${map.types ?? "any, any"}>` : "";
  const options = age === null ? `{ max: ${max} }` : `{ max: ${max}, ttl: ${age} }`;
  const need = addDependency(service, "lru-cache", library.range);
  return {
    edits: [
      replace(
        source,
        { start: map.annotation?.start ?? map.made.start, end: map.made.end },
        `${map.annotation === null ? "" : " = "}new LRUCache${types}(${options})`,
      ),
      ...edits,
      ...need,
    ],
    imports: [{ file: cell.file, wish: { from: "lru-cache", names: ["LRUCache"] } }],
    notes: [noteOf(cell, fate, max, age), ...(need.length > 0 ? [installNote(service)] : [])],
  };
}

const shapes: Readonly<Record<Cell["shape"], string>> = {
  map: "a Map",
  set: "a Set",
  list: "a list",
  record: "a plain object",
  value: "a variable",
};

/** The age of entries: for all of them where it is one number, else for each where it is put. */
function aged(source: Source, cell: Cell, map: KeptMap, fate: Fate): { age: string | null; edits: Edit[] } {
  if (fate.kind !== "over") return { age: anHour, edits: [] };
  const ages = cell.changes.flatMap((change: Change) =>
    change.how === "put" ? [{ change, age: fate.age(change) }] : [],
  );
  const [first] = ages;
  const isOne = ages.every(({ age }) => age !== null && age === first?.age);
  if (isOne && first?.age != null && /^[\d_\s*]+$/.test(first.age)) return { age: first.age, edits: [] };
  const edits = ages.flatMap(({ change, age }) => {
    const put = map.puts.find(({ start, end }) => start === change.span.start && end === change.span.end);
    return age === null || put?.count !== 2 ? [] : insertArgument(source, put, 2, `{ ttl: ${age} }`);
  });
  return { age: null, edits };
}

function noteOf({ name }: Cell, fate: Fate, max: string, age: string | null): string {
  const many = Number(max).toLocaleString("en");
  return fate.kind === "over"
    ? `\`${name}\` holds at most ${many} entries, each until its own time is over; when it is full, the one that was not asked for longest goes first.`
    : `\`${name}\` holds at most ${many} entries${age === anHour ? ", each for an hour: raise or lower it to what its answers are good for" : ""}.`;
}

/** Version 11 needs Node 20, version 10 runs from 14 on; the class has its name since version 8. */
function lruCache(model: Model, service: Service): { range: string } | { cannot: string } {
  const own = majorOf(service.dependencies["lru-cache"]);
  if (own < 8) return { cannot: `its lru-cache ${own} is too old: raise it first` };
  return { range: isHeldBelow(model, service, 20) ? "^10.4.3" : "^11.5.3" };
}
