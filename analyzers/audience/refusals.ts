/** How code turns people away, read from its text: conditions on who they are, with an end of the function behind them. */

/** `leaving`: the caller ends too, by a throw, a redirect or a 404 page; `any`: or the function itself answers. */
export type Ending = "any" | "leaving";

const CONDITION = String.raw`\bif\s*\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)\s*(?:\{\s*)?(?:\/\/[^\n]*\n\s*|(?:console|logger|log)\b[^;]*;\s*)*`;
const ends: Readonly<Record<Ending, RegExp>> = {
  any: new RegExp(`${CONDITION}(?:return|throw|redirect|notFound|unauthorized|forbidden|await|res|reply)\\b`, "g"),
  leaving: new RegExp(`${CONDITION}(?:return\\s+)?(?:throw|redirect|notFound|unauthorized|forbidden)\\b`, "g"),
};
/** Whoever is logged in, as frameworks hang it on the request. */
const onRequest = /!\s*(?:req|request|ctx|context|event|c|opts|locals)(?:\??\.\w+)*\??\.(?:auth|user|session|userId)\b/;
const staff = /admin|\brole\b|\broles\b|moderator|is_?staff|permission/i;

/** Whether the text ends for want of one of the names; `request`: or of a user on the request. */
export function endsHere(text: string, names: readonly string[], ending: Ending, from?: "request"): boolean {
  return conditionsOf(text, ending).some(
    (condition) =>
      (from === "request" && onRequest.test(condition)) || names.some((name) => isMissing(condition, name)),
  );
}

/** Whether the text ends on a condition of this kind. */
export function denies(text: string, is: (condition: string) => boolean): boolean {
  return conditionsOf(text, "any").some((condition) => is(condition) && condition.includes("!"));
}

export function mentionsStaff(text: string): boolean {
  return staff.test(text.replace(speaker, ""));
}

/** `message.role !== "user"`: who said something in a conversation with a model. */
const speaker = /[\w.?[\]]*\brole\s*[!=]==?\s*["'](user|assistant|system|model|bot|human|tool)["']/g;

function conditionsOf(text: string, ending: Ending): string[] {
  return [...text.matchAll(ends[ending])].map(([, condition = ""]) => condition);
}

/** `!user`, `!user?.id`, `user === null`; an error is there when the user is not. */
function isMissing(condition: string, name: string): boolean {
  const escaped = name.replaceAll("$", "\\$");
  if (/^(error|err)$/i.test(name)) return new RegExp(`(?<![!.\\w])${escaped}\\b`).test(condition);
  return new RegExp(`!\\s*\\(?\\s*${escaped}\\b|\\b${escaped}\\b[?.\\w]*\\s*={2,3}\\s*(null|undefined|false)`).test(
    condition,
  );
}
