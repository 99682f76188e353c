/** Of which tables an answer is made: everything that the code behind it reads, on every way. */
import { callsIn, withInner } from "../../analyzers/code/calls-in.ts";
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Fn, Model } from "../../analyzers/model.ts";
import { isRead, queriesOf, type Query } from "../../analyzers/queries/index.ts";
import { tablesRead, type Tables } from "./table-names.ts";

/** Handler, controller, service, repository, wrapper, driver. */
const maxDepth = 6;
const indexes = new WeakMap<Model, ReadonlyMap<string, readonly Query[]>>();

/** Queries by each call that belongs to them. */
export function queriesByCall(model: Model): ReadonlyMap<string, readonly Query[]> {
  const known = indexes.get(model);
  if (known !== undefined) return known;
  const index = new Map<string, Query[]>();
  for (const query of queriesOf(model))
    for (const id of new Set([...query.calls, query.call.id, query.use.call.id])) {
      const group = index.get(id);
      if (group === undefined) index.set(id, [query]);
      else group.push(query);
    }
  indexes.set(model, index);
  return index;
}

export function madeOf(model: Model, handler: Fn): Tables {
  const names = new Set<string>();
  const seen = new Set<string>();
  let level: Fn[] = [handler];
  for (let depth = 0; depth <= maxDepth && level.length > 0; depth += 1) {
    const next: Fn[] = [];
    for (const fn of level.flatMap((each) => withInner(model, each))) {
      if (seen.has(fn.id)) continue;
      seen.add(fn.id);
      const cannot = whosAsking(model, fn);
      if (cannot !== null) return { cannot };
      for (const call of callsIn(model, fn)) {
        const found = tablesAt(model, call);
        if ("cannot" in found) return found;
        for (const name of found.names) names.add(name);
        if (!found.isWhole) next.push(...model.targets(call));
      }
    }
    level = next;
  }
  return names.size === 0 ? { cannot: "no table was seen that it is made of" } : { names: [...names].toSorted() };
}

/** Things that are different for each request although nothing is handed in. */
function whosAsking(model: Model, fn: Fn): string | null {
  const text = textOf(model, fn);
  if (/\.getStore\(|\bcls\.get\(|AsyncLocalStorage|currentTenant|tenant_?id/i.test(text))
    return `${fn.name ?? "a function"} (${fn.file}:${fn.line}) asks for whom it works`;
  const populates = /\.populate\(/.test(text) && !/\.populate\(\s*["'`{[]/.test(text);
  return populates ? `what is populated in ${fn.file}:${fn.line} is not written there` : null;
}

function tablesAt(model: Model, call: CallSite): { names: string[]; isWhole: boolean } | { cannot: string } {
  const queries = (queriesByCall(model).get(call.id) ?? []).filter((query) => isRead(query) || query.table === null);
  const isRaw = model.usesAt(call).some(({ kind }) => kind === "database-read");
  if (queries.length === 0)
    return isRaw
      ? { cannot: `which table is read at ${call.file}:${call.line} is not clear` }
      : { names: [], isWhole: false };
  const found = queries.map((query) => tablesRead(model, query));
  const lost = found.find((each) => "cannot" in each);
  if (lost !== undefined) return lost;
  return {
    names: found.flatMap((each) => ("names" in each ? each.names : [])),
    isWhole: queries.some((query) => query.call.id === call.id),
  };
}
