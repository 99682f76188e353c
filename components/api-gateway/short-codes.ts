/** Doors whose name does not say whether a short code or a long token is checked behind them: the code tells. */
import { runByHandlers } from "../../analyzers/code/closure.ts";
import { textOf } from "../../analyzers/code/text.ts";
import type { Model, Route } from "../../analyzers/model.ts";

const doors =
  /^(verify|confirm|validate|check)(e?mail|account|user|phone|mobile|number|token|registration|signup|reset(token)?)$|^(e?mail|account|phone|mobile)(verify|verification|confirm|confirmation|validate|validation)$/;
/** The verb alone says what is checked by what stands before it: an account, not a coupon or an address. */
const verb = /^(verify|confirm|validate|check)$/;
const accounts =
  /^(api|v\d+|auth\w*|accounts?|users?|customers?|members?|me|login|signin|register|registration|signup|e?mail|phone|mobile)$/;
/** `user.verificationCode !== dto.code`, `where: { mobile, code: dto.code }`. */
const compares = (name: string): RegExp =>
  new RegExp(
    String.raw`(?:${name})\b\s*(?:!==?|===?)\s*\w|(?:!==?|===?)\s*[\w.]*(?:${name})\b|\b(?:${name})\s*:\s*\w+\.|\bwhere\b[^;]{0,200}[{,]\s*(?:${name})\s*[,}]`,
    "i",
  );
const comparesCode = compares("code|otp|otc|pin");
const comparesToken = compares("token");
/** Four to six digits, as they are sent by mail or as a message. */
const digits = String.raw`(?:\brandomInt\(\s*(?:\d{1,6}\s*,\s*)?\d{4,7}\s*\)|\bMath\.random\(\)\s*\*\s*(?:9|10)0{3,5}\b)`;
const makesCode = new RegExp(digits);
const makesToken = new RegExp(String.raw`token\w*\s*[=:][^;\n]{0,40}${digits}`, "i");

/** Whether a short code can be tried at the route: it compares one, and the app makes such. */
export function checksShortCode(route: Route, words: readonly string[], model: Model): boolean {
  const last = words.at(-1) ?? "";
  const isNamed = [last, words.slice(-2).join("")].some((word) => doors.test(word));
  if (!isNamed && !(verb.test(last) && accounts.test(words.at(-2) ?? "api"))) return false;
  const made = madeBy(model);
  if (!made.codes) return false;
  const texts = runByHandlers(route, model).map((fn) => textOf(model, fn));
  return texts.some((text) => comparesCode.test(text) || (made.tokens && comparesToken.test(text)));
}

const known = new WeakMap<Model, { codes: boolean; tokens: boolean }>();

/** What of it the app makes: codes of a few digits at all, and such that it calls tokens. */
function madeBy(model: Model): { codes: boolean; tokens: boolean } {
  const found = known.get(model) ?? makersIn(model);
  known.set(model, found);
  return found;
}

function makersIn(model: Model): { codes: boolean; tokens: boolean } {
  const texts = model.repo.files
    .filter((file) => ["server", "worker"].includes(model.context(file)))
    .map((file) => model.repo.read(file) ?? "")
    .filter((text) => makesCode.test(text));
  return { codes: texts.length > 0, tokens: texts.some((text) => makesToken.test(text)) };
}
