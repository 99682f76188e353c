/** Functions that keep what they work out in a cache: what they read is read once in a while. */
import type { Model } from "../../analyzers/model.ts";

const keeping = /\.(set|setex|psetex|put|wrap|mset|hset|hSet|setEx|pSetEx|getOrSet|getOrSetFn|remember)$/;
/** Helpers between the function and the cache: `cache.remember(key, value)` of a class of the app's own. */
const MAX_HELPERS = 2;

const known = new WeakMap<Model, ReadonlySet<string>>();

/** Ids of the functions that put something into a cache, themselves or through a helper. */
export function keepersOf(model: Model): ReadonlySet<string> {
  const found = known.get(model) ?? gathered(model);
  known.set(model, found);
  return found;
}

function gathered(model: Model): Set<string> {
  const found = new Set<string>();
  let open = model.usesOfKind("cache").flatMap(({ api, call }) => (keeping.test(api) ? [call.fn] : []));
  for (let step = 0; step <= MAX_HELPERS && open.length > 0; step += 1) {
    const fresh = open.filter((fn) => !found.has(fn) && model.fn(fn)?.isModule === false);
    for (const fn of fresh) found.add(fn);
    open = fresh.flatMap((fn) => model.callers(fn).map((call) => call.fn));
  }
  return found;
}
