/** What a framework hands to functions at conventional places, where its members mean something outside the file. */

interface EntryParam {
  /** The files whose exported functions are given it as their first parameter. */
  file: RegExp;
  /** Exports that hold such functions under names of their own. */
  holders: readonly string[];
  api: string;
}

const PARAMS: readonly EntryParam[] = [
  {
    file: /(^|\/)\+(page|layout|server)(\.server)?\.[jt]s$/,
    holders: ["actions"],
    api: "@sveltejs/kit:RequestEvent()",
  },
];

/** Members whose value is as good as known. The app's own origin is written as nothing, so that its addresses begin with `/`. */
const TEXTS: Readonly<Record<string, string>> = {
  "@sveltejs/kit:RequestEvent().url.origin": "",
  "@sveltejs/kit:LoadEvent().url.origin": "",
  "@sveltejs/kit:ServerLoadEvent().url.origin": "",
  "$app/paths:base": "",
  "$app/paths:assets": "",
};

/** The api of the first parameter of a function at the top of the file; null when no framework gives it one. */
export function entryParam(file: string, isExported: (name: string) => boolean, name: string | null): string | null {
  const found = PARAMS.find((each) => each.file.test(file));
  if (found === undefined) return null;
  const isGiven = (name !== null && isExported(name)) || found.holders.some(isExported);
  return isGiven ? found.api : null;
}

/** The text that a member or an import stands for; null for all others. */
export function textBehind(api: string): string | null {
  return Object.hasOwn(TEXTS, api) ? (TEXTS[api] ?? null) : null;
}
