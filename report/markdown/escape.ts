/** Text from a repo as plain words in Markdown: it can make no link, no image, no heading and no HTML. */
import { printable } from "../../analyzers/repo/printable.ts";

export function plain(text: string): string {
  return printable(text)
    .replace(/[\\`*_[\]<>|#!~]/g, (character) => `\\${character}`)
    .replace(/@(?=\w)/g, "@\u2060");
}

/** Text as inline code; backticks inside are fenced by longer ones. */
export function code(text: string): string {
  const safe = printable(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${safe}${fence}` : `${fence} ${safe} ${fence}`;
}

/** A table; cells are Markdown already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
