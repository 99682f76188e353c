/** Svelte, Vue and Astro files: markup with code in it, of which the model wants to know only what it imports. */
import type { Summary } from "../summary.ts";
import { isTooDeep } from "./nesting.ts";

/** A script's tag, and what it holds; data in JSON is no script. */
const script = /(<script\b(?![^>]*\bjson\b)(?:[^>"']|"[^"]*"|'[^']*')*>)([^]*?)<\/script\s*>/gi;
/** What an Astro file runs on the server: the text between two lines of dashes at its top. */
const frontmatter = /^(\s*---[^\S\n]*\n)([^]*?)\n---/;

/**
 * The imports of a component's scripts. Nothing else of it is kept: it is code for the browser, in which nothing is judged.
 * Never throws; a script that cannot be read imports nothing.
 */
export function componentSummary(empty: Summary, text: string, extract: (code: string) => Summary): Summary {
  const summary: Summary = {
    ...empty,
    language: /<script\b[^>]*\blang=["']tsx?["']/i.test(text) ? "typescript" : empty.language,
    modules: "esm",
    dom: true,
  };
  const code = scriptsOf(text);
  if (code.trim() === "" || isTooDeep(code)) return summary;
  try {
    const { imports, reexports } = extract(code);
    return { ...summary, imports, reexports };
  } catch {
    return summary;
  }
}

/** The scripts with everything around them blanked out, so that places stay the same. */
function scriptsOf(text: string): string {
  const top = frontmatter.exec(text);
  const found = [...text.matchAll(script), ...(top === null ? [] : [top])];
  let code = blank(text);
  for (const { index, 1: before = "", 2: inner = "" } of found) {
    const from = index + before.length;
    code = code.slice(0, from) + inner + code.slice(from + inner.length);
  }
  return code;
}

function blank(text: string): string {
  return text.replace(/[^\n\r]/g, " ");
}
