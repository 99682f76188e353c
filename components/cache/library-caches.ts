/** Looks for caches of packages that were given no bound: no age, no number of entries. */
import type { CallSite, Known, Model, Use } from "../../analyzers/model.ts";
import { originsOfArgument } from "../../analyzers/flow/origins.ts";
import { adviceOnCall, placesOf, waysOf } from "../advice.ts";
import type { Match } from "../finding.ts";

/** Packages that keep everything for ever unless told otherwise, with the options that bound them and where a call may. */
const caches: readonly { made: string; set: string; bounds: readonly string[]; ageAt: number }[] = [
  // node-cache README: stdTTL 0 (unlimited), maxKeys -1 (no limit).
  ...["node-cache:", "node-cache:default"].map((made) => ({
    made,
    set: `${made}().set`,
    bounds: ["stdTTL", "maxKeys"],
    ageAt: 2,
  })),
  // memory-cache README: without a time an entry is kept until it is deleted.
  { made: "memory-cache:", set: "memory-cache:put", bounds: [], ageAt: 2 },
];

export function unboundedLibraryCaches(model: Model): Match[] {
  return caches.flatMap(({ made, set, bounds, ageAt }) => {
    const groups = new Map<string, Use[]>();
    for (const use of model.usesOf(set)) {
      const key = use.construction?.id ?? made;
      groups.set(key, [...(groups.get(key) ?? []), use]);
    }
    return [...groups.values()].flatMap((uses) => found(model, uses, bounds, ageAt));
  });
}

function found(model: Model, uses: readonly Use[], bounds: readonly string[], ageAt: number): Match[] {
  const construction = uses[0]?.construction ?? null;
  if (construction !== null && isBounded(construction.args[0], bounds)) return [];
  const growing = uses.filter(({ call }) => grows(model, call, ageAt));
  const [first] = growing;
  if (first === undefined) return [];
  const ways = growing.flatMap(({ call }) => model.reach(call));
  return [
    adviceOnCall("cache/unbounded-cache", construction ?? first.call, {
      confidence: "medium",
      message:
        "Entries get neither an age nor a limit to their number, and visitors choose the keys: the memory fills until the process ends.",
      also: placesOf(
        growing.map(({ call }) => call),
        construction ?? first.call,
      ),
      ...waysOf(ways),
      path: [],
      anchor: first.api,
      fix: "patch",
    }),
  ];
}

function isBounded(options: Known | undefined, bounds: readonly string[]): boolean {
  if (options === undefined) return false;
  if (options.kind !== "object" || options.open) return true;
  return bounds.some((key) => {
    const value = options.entries[key];
    return value !== undefined && !(value.kind === "literal" && Number(value.value) <= 0);
  });
}

/** Put in by a request, under a key that comes with it, without an age. */
function grows(model: Model, call: CallSite, ageAt: number): boolean {
  if (call.args.length > ageAt || model.context(call.file) !== "server") return false;
  const isAsked = model.reach(call).some(({ entry }) => entry.kind === "route" || entry.kind === "socket");
  const origins = originsOfArgument(model, call, 0);
  return isAsked && [...origins].some((origin) => origin !== "unknown" && origin !== "computed");
}
