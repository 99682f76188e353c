/** Fences around text from a repo, so that a reader can tell it from ours: the repo cannot know the mark that ends it. */
import { createHash } from "node:crypto";
import { printableLines } from "../analyzers/repo/printable.ts";
import { withoutSecrets } from "../components/containers/secrets/without-secrets.ts";

export interface Fence {
  /** Stands at both ends of each fenced text. */
  mark: string;
  /** The text between two marks, its secrets named instead of shown, and nothing in it that a screen would hide. */
  around(text: string): string;
}

/**
 * The mark is a hash of all that will stand between such marks: no text can hold a hash of itself, and the same texts have
 * the same mark, so that what is written twice is the same twice.
 */
export function fenceFor(texts: readonly string[]): Fence {
  const mark = `data-${createHash("sha256").update(texts.join("\n")).digest("hex").slice(0, 20)}`;
  return { mark, around: (text) => `<${mark}>\n${shown(text)}\n</${mark}>` };
}

/** Text of a repo as it may leave the machine. */
export function shown(text: string): string {
  return printableLines(withoutSecrets(text.replaceAll("\r\n", "\n")));
}

/** The same on one line. */
export function oneLine(text: string): string {
  return shown(text.replace(/\s*[\r\n]+\s*/g, " "));
}
