/** A statement together with what asks it and what is done with the outcome: `(await db.execute(statement)).scalars().all()`. */
import { fileIndex, keyOfName } from "../../flow/file-index.ts";
import { indexIn } from "../../ids.ts";
import type { CallId, Summary } from "../../summary.ts";
import type { Chain, Link } from "../chain.ts";
import { linkOf } from "../chain.ts";

const executing = new Set("execute scalars scalar exec stream stream_scalars fetch_all fetch_one".split(" "));

/** Null where nothing is seen that asks it. */
export function executed(chain: Chain): Chain | null {
  const { model, links, use } = chain;
  const { file } = use.call;
  const summary = model.summary(file);
  if (summary === null) return null;
  const steps = links.map(({ call }) => indexIn(call.id));
  const executor = executorOf(summary, steps);
  const site = executor === null ? null : model.call(`${file}#${executor}`);
  if (executor === null || site === null) return null;
  const asked = linkOf(summary, site, site, null);
  const after = outcomesOf(summary, executor).flatMap((id): Link[] => {
    const call = model.call(`${file}#${id}`);
    return call === null ? [] : [linkOf(summary, call, site, null)];
  });
  const ordered = after.toSorted((a, b) => a.call.span.end - b.call.span.end);
  // `session.scalar(select(func.count()))` gives the first row's value by itself.
  return { ...chain, links: [...links, asked, ...ordered], asked: site };
}

function executorOf(summary: Summary, steps: readonly CallId[]): CallId | null {
  const { givenTo, namesOf } = fileIndex(summary);
  const takers = steps.flatMap((id) => [
    ...(givenTo.get(id) ?? []),
    ...(namesOf.get(id) ?? []).flatMap((name) => givenTo.get(name) ?? []),
  ]);
  const last = Math.max(...steps.map((id) => summary.calls[id]?.span.start ?? 0));
  const asking = takers.filter((id) => {
    const callee = summary.calls[id]?.callee;
    return callee?.kind === "member" && executing.has(callee.property);
  });
  // A name that is given one statement after another is asked where it stands next.
  return asking.find((id) => (summary.calls[id]?.span.end ?? 0) > last) ?? null;
}

/** What is called on the outcome, on what comes of it, and on the names they are given until these are given something else. */
function outcomesOf(summary: Summary, executor: CallId): CallId[] {
  const { onCall, onName } = fileIndex(summary);
  const found = new Set([executor]);
  for (const id of found) {
    for (const next of onCall.get(id) ?? []) found.add(next);
    for (const { key, until } of namesGiven(summary, id)) {
      const from = summary.calls[id]?.span.end ?? 0;
      for (const next of onName.get(key) ?? []) {
        const start = summary.calls[next]?.span.start ?? 0;
        if (start > from && start < until) found.add(next);
      }
    }
  }
  found.delete(executor);
  return [...found];
}

function namesGiven(summary: Summary, id: CallId): { key: string; until: number }[] {
  const call = summary.calls[id];
  if (call === undefined) return [];
  return Object.entries(summary.functions[call.fn]?.bindings ?? {}).flatMap(([name, values]) => {
    if (!values.some((value) => value.kind === "call" && value.call === id)) return [];
    const later = values.flatMap((value) => {
      const start = value.kind === "call" ? (summary.calls[value.call]?.span.start ?? 0) : 0;
      return start > call.span.end ? start : [];
    });
    return [{ key: keyOfName({ kind: "name", name, fn: call.fn }), until: Math.min(...later, Infinity) }];
  });
}
