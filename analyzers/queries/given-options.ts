/** Options that a Nest module is given in place (`forRoot({ ... })`) or by a factory (`forRootAsync({ useFactory })`). */
import { fileIn, indexIn } from "../ids.ts";
import type { Expr } from "../flow/expression.ts";
import type { CallSite, Known, Model } from "../model.ts";
import { behind, entriesOf, literalOf, type Entries } from "./resolve.ts";

/** Functions of the app between the factory and the object that it gives. */
const MAX_CALLS = 3;

/** The objects that may be given, one per way through the factory; empty where one of them cannot be read. */
export function givenOptions(call: CallSite, model: Model): Entries[] {
  const [options] = call.args;
  const factory = options?.kind === "object" ? options.entries["useFactory"] : undefined;
  if (factory !== undefined) return factory.kind === "fn" ? returnedBy(factory.fn, model, 0) : [];
  const written = model.summary(call.file)?.calls[indexIn(call.id)]?.args[0];
  const found = written === undefined ? null : entriesOf(model, { file: call.file, value: written, frame: null });
  return found === null ? [] : [found];
}

function returnedBy(fn: string, model: Model, depth: number): Entries[] {
  const file = fileIn(fn);
  const returns = model.summary(file)?.functions[indexIn(fn)]?.returns ?? [];
  const ways = returns.map((value) => objectsIn({ file, value, frame: null }, model, depth));
  return ways.some((way) => way.length === 0) ? [] : ways.flat();
}

function objectsIn(expr: Expr, model: Model, depth: number): Entries[] {
  const found = entriesOf(model, expr);
  if (found !== null) return [found];
  const { file, value } = behind(model, expr);
  const site = value.kind === "call" ? model.call(`${file}#${value.call}`) : null;
  if (site === null || depth >= MAX_CALLS) return [];
  return model.targets(site).flatMap(({ id }) => returnedBy(id, model, depth + 1));
}

/** Whether an option is `true` on every way; one that depends on the environment is for development. */
export function isAlwaysOn(call: CallSite, option: string, model: Model): boolean {
  const [first] = call.args;
  if (isTrue(first, option)) return true;
  const ways = givenOptions(call, model);
  return (
    ways.length > 0 &&
    ways.every(({ entries }) => {
      const value = entries.get(option);
      return value !== undefined && literalOf(model, value) === true;
    })
  );
}

function isTrue(options: Known | undefined, option: string): boolean {
  const value = options?.kind === "object" ? options.entries[option] : undefined;
  return value?.kind === "literal" && value.value === true;
}
