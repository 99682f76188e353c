/** What the first page of an API says: that all is well, that it runs, or something else. */
import { textOf } from "../../analyzers/code/text.ts";
import type { Model, Route } from "../../analyzers/model.ts";
import { isConstant } from "./constant.ts";

/** `{ status: "ok" }`, whatever else it says. */
const wellSaid = /\b(status|health)["']?\s*:\s*["'](ok|up|healthy|alive|running)["']/i;
/** `API server is running`, `Backend up and running 🚀`, `It works!`, within one text. */
const runsSaid =
  /["'`][^"'`\n]*\b(running|up and|is up|is live|is alive|is online|is working|works|working)\b[^"'`\n]*["'`]/i;

/** The root address that answers for the app's health in so many words. */
export function saysThatAllIsWell(route: Route, model: Model): boolean {
  return isRoot(route) && textsOf(route, model).some((text) => wellSaid.test(text));
}

/** The root address that tells whoever looks that the server runs: enough for an uptime check, not meant for one. */
export function saysThatItRuns(route: Route, model: Model): boolean {
  if (!isRoot(route)) return false;
  return textsOf(route, model).some(
    (text) => runsSaid.test(text) && (isConstant(route, model) || /\breturn\s+["'`]/.test(text)),
  );
}

function isRoot({ method, path }: Route): boolean {
  return method === "GET" && /^(\/api)?(\/v\d+)?\/?$/.test(path);
}

function textsOf({ handlers }: Route, model: Model): string[] {
  return handlers.flatMap(({ fn: id }) => {
    const fn = id === null ? null : model.fn(id);
    return fn === null ? [] : [textOf(model, fn)];
  });
}
