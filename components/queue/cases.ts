/** What the component finds, with all that the recipe needs: the work, the call it is about and the ways to it. */
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { letGoCall, workOf } from "./work.ts";
import type { Work } from "./work.ts";

export interface Case {
  rule: string;
  /** The call that the finding points at. */
  call: CallSite;
  /** The outside calls behind it, each with only the ways that belong to this case. */
  works: Work[];
  ways: Reach[];
}

export const detachedRule = "queue/detached-background-work";

const waitingRules: Readonly<Partial<Record<Work["kind"], string>>> = {
  mail: "queue/mail-in-request",
  model: "queue/llm-call-in-request",
  push: "queue/push-in-request",
};

/** One case per awaited mail, notification or model call, and one per call that is let go with outside work behind it. */
export function casesOf(model: Model): Case[] {
  const works = workOf(model);
  return [...oneOfSeveral(works.flatMap(waitedFor), model), ...letGo(works, model)];
}

function waitedFor(work: Work): Case[] {
  const rule = waitingRules[work.kind];
  if (work.waiting.length === 0 || rule === undefined) return [];
  return [{ rule, call: work.use.call, works: [{ ...work, detached: [] }], ways: work.waiting }];
}

/** What stands behind one call that picks among several providers is one wait: the first of them speaks for all. */
function oneOfSeveral(cases: readonly Case[], model: Model): Case[] {
  const merged = new Map<string, Case>();
  for (const found of cases) {
    const picks = found.ways.flatMap(({ calls }) => calls.filter((call) => model.targets(call).length > 1).slice(-1));
    // One model asked when the other fails, or one after the other: the user waits in the same place.
    const own = found.works.every(({ kind }) => kind === "model") ? found.call.fn : found.call.id;
    const key = `${found.rule} ${picks[0]?.id ?? own}`;
    const known = merged.get(key);
    const ways = [...(known?.ways ?? []), ...found.ways];
    merged.set(key, known === undefined ? found : { ...known, works: [...known.works, ...found.works], ways });
  }
  return [...merged.values()];
}

/** Several outside calls behind one that is let go are one loss. */
function letGo(works: readonly Work[], model: Model): Case[] {
  const cases = new Map<string, Case>();
  for (const work of works) {
    for (const way of work.detached) {
      const call = letGoCall(way, work.use.call, model);
      const known = cases.get(call.id) ?? { rule: detachedRule, call, works: [], ways: [] };
      const own = known.works.find(({ use }) => use.call.id === work.use.call.id) ?? {
        ...work,
        waiting: [],
        detached: [],
      };
      own.detached = [...own.detached, way];
      const others = known.works.filter((other) => other !== own);
      const ways = known.ways.some(({ entry }) => entry.fn === way.entry.fn && entry.label === way.entry.label)
        ? known.ways
        : [...known.ways, way];
      cases.set(call.id, { ...known, works: [...others, own], ways });
    }
  }
  return [...cases.values()];
}
