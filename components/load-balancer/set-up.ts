/** Whether something that a function makes is made at all: a module may offer to set up what the app never asks for. */
import type { CallSite, Fn, Model } from "../../analyzers/model.ts";

/** Functions between the one that makes it and the one that nobody calls. */
const MAX_STEPS = 4;

/** False where every way up to the call ends in a function that no other file so much as names. */
export function isSetUp(model: Model, call: CallSite): boolean {
  if (model.reach(call).length > 0) return true;
  let open: readonly Fn[] = fnsOf(model, [call]);
  for (let step = 0; step < MAX_STEPS && open.length > 0; step += 1) {
    if (open.some((fn) => fn.isModule || model.handedTo(fn.id).length > 0)) return true;
    const callers = open.map((fn) => model.callers(fn.id));
    // A class that no code is seen to make may be made by a container, a plain function by nobody.
    const ends = open.filter((_, index) => callers[index]?.length === 0);
    if (ends.some((fn) => fn.class !== null || isNamedElsewhere(model, fn))) return true;
    open = fnsOf(model, callers.flat());
  }
  return open.length > 0;
}

function fnsOf(model: Model, calls: readonly CallSite[]): Fn[] {
  return [...new Set(calls.map(({ fn }) => fn))].flatMap((id) => model.fn(id) ?? []);
}

function isNamedElsewhere(model: Model, { name, file }: Fn): boolean {
  if (name === null) return true;
  return model.repo.files.some(
    (each) =>
      each !== file &&
      ["server", "worker"].includes(model.context(each)) &&
      (model.repo.read(each) ?? "").includes(name),
  );
}
