/** What a handler does with the request, in its own text and in that of the functions which it hands the whole request to. */
import { callsIn, withInner } from "../../analyzers/code/calls-in.ts";
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Fn, Model } from "../../analyzers/model.ts";

/** Route, controller, method: handed on further than this, a request is read by services. */
const maxDepth = 3;

export interface RequestCode {
  texts: string[];
  /** The calls that are given the whole request. */
  handedTo: CallSite[];
}

export function requestCode(model: Model, fn: Fn, depth = 0): RequestCode {
  const calls = withInner(model, fn).flatMap((each) => callsIn(model, each));
  const handedTo = calls.filter((call) => !call.isNew && /\(\s*(req|request|ctx|c)\s*[,)]/.test(textOf(model, call)));
  const next = depth < maxDepth ? handedTo.flatMap((call) => model.targets(call)) : [];
  const inner = next.filter(({ id }) => id !== fn.id).map((each) => requestCode(model, each, depth + 1));
  return {
    texts: [textOf(model, fn), ...inner.flatMap(({ texts }) => texts)],
    handedTo: [...handedTo, ...inner.flatMap((each) => each.handedTo)],
  };
}

/** Which page of a list, in which order: there are few, and the first is asked for most. */
const ofPaging = /^(page\w*|limit|sort\w*|order\w*|offset|skip|take|per_?page|cursor|lang|locale)$/i;

/** Whether the answer is to a question of the visitor's own: a search, a filter, an id. */
export function asksOwnQuestion({ texts }: RequestCode): boolean {
  return texts.some((text) => {
    if (/\breq(uest)?\.(params|body)\b|ctx\.(params|request\.body)|c\.req\.param\(/.test(text)) return true;
    if (isAskedByAddress(text)) return true;
    const taken = [...text.matchAll(/\{([^{}]*)\}\s*(?::[^=;]+)?=\s*(?:await\s+)?[\w.]*\breq(?:uest)?\.query\b/g)];
    const names = [
      ...[...text.matchAll(/\breq(?:uest)?\.query(?:\?)?\.(\w+)/g)].map((match) => match[1] ?? ""),
      ...[...text.matchAll(/\breq(?:uest)?\.query\[\s*["'`](\w+)/g)].map((match) => match[1] ?? ""),
      ...taken.flatMap((match) => namesIn(match[1] ?? "")),
    ];
    const uses = [...text.matchAll(/\breq(?:uest)?\.query\b/g)].length;
    const known = names.length - taken.flatMap((match) => namesIn(match[1] ?? "")).length + taken.length;
    return uses > known || names.some((name) => !ofPaging.test(name));
  });
}

/** `url.searchParams.get("userId")`, `getQuery(event).userId`: which one, by a part of the address behind the question mark. */
function isAskedByAddress(text: string): boolean {
  const taken = [
    ...text.matchAll(/\b(?:searchParams|query)\??\.(?:get|getAll)\(\s*["'`](\w+)/g),
    ...text.matchAll(/\bgetQuery(?:<[^<>]*>)?\(\w*\)\.(\w+)/g),
    ...text.matchAll(/\bc\.req\.quer(?:y|ies)\(\s*["'`](\w+)/g),
  ].map(([, name = ""]) => name);
  const parts = [...text.matchAll(/\{([^{}]*)\}\s*=\s*(?:await\s+)?getQuery\b/g)].flatMap(([, names = ""]) =>
    namesIn(names),
  );
  return [...taken, ...parts].some((name) => !ofPaging.test(name));
}

/** `{ page = 1, limit: size }` takes `page` and `limit`. */
function namesIn(pattern: string): string[] {
  return pattern
    .split(",")
    .map((part) => /^\s*(\w+)/.exec(part)?.[1] ?? "")
    .filter((name) => name !== "");
}
