/** Work that one caller asks for and another turns off: `fetchAll(id, { save: false })`. */
import { conditionsOf } from "../../analyzers/code/conditions.ts";
import type { CallSite, Known, Model } from "../../analyzers/model.ts";

/** Whether the call stands behind an option of its function that this caller gives as false. */
export function isSwitchedOff(call: CallSite, caller: CallSite, model: Model): boolean {
  const params = model.fn(call.fn)?.params ?? [];
  if (!caller.args.some(holdsFalse)) return false;
  return conditionsOf(model.repo.read(call.file) ?? "", call.span).some((test) => {
    const [, name, option] = /\(\s*(\w+)(?:\??\.(\w+))?\s*\)/.exec(test) ?? [];
    const given = caller.args[params.findIndex((param) => param.name === name)];
    if (given === undefined || test.startsWith("unless")) return false;
    return option === undefined ? isFalse(given) : given.kind === "object" && isFalse(given.entries[option]);
  });
}

function holdsFalse(given: Known): boolean {
  return isFalse(given) || (given.kind === "object" && Object.values(given.entries).some(isFalse));
}

function isFalse(given: Known | undefined): boolean {
  return given?.kind === "literal" && given.value === false;
}
