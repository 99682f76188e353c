/** Methods that a Mongoose schema gives to its model and its documents: `schema.methods.verify = function () {}`. */
import type { Solver } from "./solver.ts";
import { NONE, union, type External, type Tokens } from "./token.ts";

const MODEL = /^mongoose:(.*\.)?model\(\)/;

/** The app's own function behind a member of a model (`statics`) or of what it finds and makes (`methods`). */
export function schemaMember(solver: Solver, token: External, property: string): Tokens {
  const model = MODEL.exec(token.api)?.[0];
  const schema = token.made?.call.fact.args[1];
  if (model === undefined || token.made === null || schema === undefined) return NONE;
  const side = token.api === model ? "statics" : "methods";
  const { call, env } = token.made;
  const schemas = solver.evaluate(call.file, schema, env).filter((each) => each.kind === "external");
  const holders = schemas.flatMap((each) => solver.member(each, side));
  const written = holders.flatMap((each) => solver.properties.get(each.key)?.get(property) ?? []);
  return union(written.map(({ file, value }) => solver.evaluate(file, value, null)));
}
