/** A function's text with what it leaves to small helpers and constants written out where it does so. */
import { callsIn } from "../code/calls-in.ts";
import type { Fn, Model } from "../model.ts";
import { codeOf } from "./own-checks.ts";

/** Longer functions do more than hand the request on. */
const longestHandOn = 700;
/** Longer ones do more than answer a question about the path. */
const longestAnswer = 300;

/**
 * The function's text, with what it only hands the request on to behind it, and with small questions about the path
 * (`isApi(pathname)`) and constants (`API_PREFIX`) written out where they are asked.
 */
export function writtenOut(fn: Fn, model: Model, isAbout: RegExp): string {
  const own = codeOf(fn, model);
  const targets = callsIn(model, fn).flatMap((call) => model.targets(call));
  const only = own.length < longestHandOn ? targets.find((target) => isAbout.test(codeOf(target, model))) : undefined;
  const whole = only === undefined ? own : `${own}\n${codeOf(only, model)}`;
  const asked = targets.reduce((text, target) => withAnswer(text, target, model), whole);
  const file = model.repo.read(fn.file) ?? "";
  return asked.replace(/\b[A-Z][A-Z\d_]{3,}\b/g, (name) => constantIn(file, name) ?? name);
}

/** `isApi(pathname)` becomes `pathname.startsWith("/api/")`. */
function withAnswer(text: string, target: Fn, model: Model): string {
  const [parameter] = target.params;
  const answer = /\breturn\s+([^;{}]+?)[;\s]*\}?\s*$|=>\s*([^;{}]+?)[;\s]*$/.exec(codeOf(target, model));
  const body = (answer?.[1] ?? answer?.[2] ?? "").trim();
  if (target.name === null || parameter?.name == null || !/startsWith|===/.test(body) || body.length > longestAnswer)
    return text;
  const path = body.replace(new RegExp(`\\b${parameter.name}\\b`, "g"), "pathname");
  return text.replace(
    new RegExp(`\\b${target.name}\\(\\s*[\\w.]*(pathname|path|url)\\s*\\)`, "g"),
    path.replaceAll("$", "$$$$"),
  );
}

function constantIn(file: string, name: string): string | null {
  return new RegExp(`\\bconst ${name}\\s*=\\s*("[^"\\n]*"|'[^'\\n]*')`).exec(file)?.[1] ?? null;
}
