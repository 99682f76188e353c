/** Svelte, Vue and Astro files: markup with code in it, of which the model wants to know only what it imports. */
import type { Summary } from "../summary.ts";

const opening = /<script(?=[\s/>])/gi;
const closing = /<\/script\s*>/gi;
/** Data in JSON is no script. */
const ofData = /\bjson\b/i;
const ofTypeScript = /\blang=["']tsx?["']/i;
/** What an Astro file runs on the server: the text between two lines of dashes at its top. */
const frontmatter = /^(\s*---[^\S\n]*\n)([^]*?)\n---/;

/**
 * The imports of a component's scripts. Nothing else of it is kept: it is code for the browser, in which nothing is judged.
 * A script that cannot be read imports nothing.
 */
export function componentSummary(empty: Summary, text: string, extract: (code: string) => Summary): Summary {
  const top = frontmatterOf(text);
  const scripts = scriptsOf(text, top?.until ?? 0);
  const summary: Summary = {
    ...empty,
    language: scripts.some(({ tag }) => ofTypeScript.test(tag)) ? "typescript" : empty.language,
    modules: "esm",
    dom: true,
  };
  const code = alone(top === null ? scripts : [top, ...scripts], text);
  if (code.trim() === "") return summary;
  const { imports, reexports } = extract(code);
  return { ...summary, imports, reexports };
}

/** A script's tag, and where its code is. */
interface Script {
  tag: string;
  from: number;
  until: number;
}

/** One pass, never a step back: a tag or script that does not end is taken to be the end of the file. */
function scriptsOf(text: string, after: number): Script[] {
  const scripts: Script[] = [];
  for (let at = after; ;) {
    const start = next(opening, text, at)?.index;
    const from = start === undefined ? null : afterTag(text, start);
    const close = from === null ? null : next(closing, text, from);
    if (start === undefined || from === null || close === null) return scripts;
    const tag = text.slice(start, from);
    if (!ofData.test(tag)) scripts.push({ tag, from, until: close.index });
    at = close.index + close[0].length;
  }
}

function next(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Behind the `>` of the tag that starts here, quoted ones aside (`generic="Record<string, any>"`); null when it has none. */
function afterTag(text: string, start: number): number | null {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === ">") return at + 1;
    if (character !== '"' && character !== "'") continue;
    at = text.indexOf(character, at + 1);
    if (at === -1) return null;
  }
  return null;
}

function frontmatterOf(text: string): Script | null {
  const { 1: before, 2: inner } = frontmatter.exec(text) ?? [];
  if (before === undefined || inner === undefined) return null;
  return { tag: "", from: before.length, until: before.length + inner.length };
}

/** The scripts with everything around them blanked out, so that places stay the same. */
function alone(scripts: readonly Script[], text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, until } of scripts) {
    parts.push(blank(text.slice(at, from)), text.slice(from, until));
    at = until;
  }
  return [...parts, blank(text.slice(at))].join("");
}

function blank(text: string): string {
  return text.replace(/[^\n\r]/g, " ");
}
