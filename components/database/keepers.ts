/** Functions that keep what they work out in a cache: what they read is read once in a while. */
import type { Model } from "../../analyzers/model.ts";

const keeping = /\.(set|setex|psetex|put|wrap|mset|hset|hSet|setEx|pSetEx|getOrSet|getOrSetFn|remember)$/;
/** `cache.setJson(key, value)` of the app's own: its name says that it only hands on. */
const helper = /^(set|put|store|save|write)(?!tings?)/i;

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
  while (open.length > 0) {
    const fresh = [...new Set(open)].filter((fn) => !found.has(fn) && model.fn(fn)?.isModule === false);
    for (const fn of fresh) found.add(fn);
    const helpers = fresh.filter((fn) => helper.test(model.fn(fn)?.name ?? ""));
    open = helpers.flatMap((fn) => model.callers(fn).map((call) => call.fn));
  }
  return found;
}
