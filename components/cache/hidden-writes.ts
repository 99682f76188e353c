/** Writes that the queries do not show: by methods of objects nobody knows, and by SQL that stands somewhere else. */
import { escaped } from "../../analyzers/code/text.ts";
import type { Model, Place } from "../../analyzers/model.ts";
import { calledName } from "../../analyzers/flow/calls.ts";
import { tablesOf } from "../../analyzers/schema/index.ts";
import { lineAt } from "../../patches/editors/typescript.ts";
import { queriesByCall } from "./made-of.ts";

/** Nothing else that servers do is called like these. */
const always =
  /^(save|deleteOne|updateOne|updateMany|deleteMany|insertMany|insertOne|replaceOne|findByIdAnd\w+|findOneAnd\w+|bulkWrite|bulkCreate|createMany|upsert)$/;
/** These are writes when they are asked of something that is called like a table. */
const named = /^(create|update|delete|insert|insertInto|remove|destroy|increment|decrement|del)$/;

/** The first place that may write one of the tables and is no query that is known; null when there is none. */
export function hiddenWrite(model: Model, tables: readonly string[]): Place | null {
  const names = namesOf(model, tables);
  for (const file of model.repo.files) {
    if (!["server", "worker"].includes(model.context(file))) continue;
    const found = unknownCall(model, file, names) ?? loneSql(model, file, names);
    if (found !== null) return found;
  }
  return null;
}

/** All names that the tables go by. */
function namesOf(model: Model, tables: readonly string[]): string[] {
  const wanted = new Set(tables);
  const declared = tablesOf(model).flatMap(({ names: [first = "", ...others] }) =>
    wanted.has(first) ? [first, ...others] : [],
  );
  return [...new Set([...tables, ...declared])];
}

/** `product.save()` of a product that came from nobody knows where. */
function unknownCall(model: Model, file: string, names: readonly string[]): Place | null {
  const called = new RegExp(`(^|\\.)(${names.map(escaped).join("|")})(model|repo(sitory)?|collection)?\\.\\w+$`, "i");
  for (const [index, { callee, span }] of (model.summary(file)?.calls ?? []).entries()) {
    if (callee.kind !== "member") continue;
    const { property } = callee;
    const isWrite = always.test(property) || (named.test(property) && called.test(calledName(callee)));
    const call = isWrite ? model.call(`${file}#${index}`) : null;
    if (call === null || queriesByCall(model).has(call.id) || model.usesAt(call).length > 0) continue;
    if (model.targets(call).length === 0) return { file, line: span.line };
  }
  return null;
}

/** SQL that changes a table, outside of every call that is known to send it. */
function loneSql(model: Model, file: string, names: readonly string[]): Place | null {
  const text = model.repo.read(file) ?? "";
  const changes = new RegExp(
    `\\b(?:insert\\s+into|update|delete\\s+from|truncate(?:\\s+table)?|merge\\s+into|copy)\\s+(?:only\\s+)?["\`]?(?:\\w+\\.)?["\`]?(?:${names.map(escaped).join("|")})["\`]?\\s+(?:set|\\(|values|where|as|using|from|select|returning|;|$)`,
    "gi",
  );
  for (const { index } of text.matchAll(changes))
    if (!isSent(model, file, index)) return { file, line: lineAt(text, index) };
  return null;
}

function isSent(model: Model, file: string, offset: number): boolean {
  return (model.summary(file)?.calls ?? []).some(({ span }, index) => {
    const holds = span.start <= offset && offset < span.end;
    return holds && queriesByCall(model).has(`${file}#${index}`);
  });
}
