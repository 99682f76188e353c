/** What of a service's errors is printed, so that the tracker hears of each of them once. */
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";

export interface Printing {
  /** The app prints errors that it catches. */
  console: boolean;
  /** Stacks are printed only of errors that the tracker has been told of: by the framework, or by the app's error handler. */
  printsItself: boolean;
}

export function printingOf(model: Model, service: Service): Printing {
  const files = new Set(serverFiles(model, service));
  const prints = model.usesOf("global:console.error").flatMap(({ call }) => (files.has(call.file) ? [call] : []));
  const stacks = prints.filter((call) => /\.stack\b/.test(textOf(model, call)));
  const isPrinter = service.frameworks.some(({ name }) => name === "express" || name === "koa");
  const isTold = stacks.every((call) => isInErrorHandler(call, model));
  return { console: prints.length > 0, printsItself: prints.length > 0 && isTold && (isPrinter || stacks.length > 0) };
}

/** Where a framework brings every error that a route lets go: the tracker, which stands before it, has seen it. */
const taken =
  /\b(setErrorHandler|onError)\(\s*(async\s*)?(function\b\s*\w*)?$|\.on\(\s*["'`]error["'`],\s*(async\s*)?$/;

function isInErrorHandler({ fn: id, guarded }: CallSite, model: Model): boolean {
  const fn = model.fn(id);
  if (fn === null || guarded) return false;
  const before = (model.repo.read(fn.file) ?? "").slice(0, fn.span.start);
  return (fn.params.length === 4 && /^_*e/i.test(fn.params[0]?.name ?? "")) || taken.test(before);
}
