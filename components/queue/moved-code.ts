/** What would come along when a function runs in another process. */
import { closureOf } from "../../analyzers/code/closure.ts";
import type { Fn, Model } from "../../analyzers/model.ts";
import { loadedBy } from "../loaded-by.ts";

/** Work that must be done before the answer: it is why the request was made. */
const primary = ["payment", "database-write", "storage", "file-write", "session"] as const;

/** Whether the function itself, or what it calls, changes what the app keeps or charges. */
export function doesPrimaryWork(target: Fn, model: Model): boolean {
  const inside = closureOf(target, model);
  return model.usesOfKind(...primary).some(({ call }) => inside.has(call.fn));
}

/** Whether it asks the database by Mongoose, whose one connection the entry file makes: in a worker it would wait in vain. */
export function asksMongoose(target: Fn, model: Model): boolean {
  const inside = closureOf(target, model);
  return model
    .usesOfKind("database-read", "database-write")
    .some(({ package: name, call }) => /^(mongoose|@typegoose\/typegoose)$/.test(name) && inside.has(call.fn));
}

/** Whether loading the module, or one it loads, listens on a port: a worker must not. */
export function startsServer(file: string, model: Model): boolean {
  return [...loadedBy(file, model)].some((each) => listens(each, model));
}

/** A `listen` in the module body or in a function that the module body calls; the entry files start the app in any case. */
function listens(file: string, model: Model): boolean {
  if (model.services.some(({ entry }) => entry.includes(file))) return true;
  const summary = model.summary(file);
  return (
    summary?.calls.some(({ fn, callee }) => fn === 0 && callee.kind === "member" && callee.property === "listen") ??
    false
  );
}
