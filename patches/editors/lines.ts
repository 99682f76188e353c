/** Line-oriented files: `.env.example`, `.gitignore`, `.dockerignore`. */
import type { Edit } from "../edit.ts";
import { newlineOf } from "./newline.ts";

type Lines = Extract<Edit, { kind: "lines" }>["lines"];

/** The text with those lines appended whose key it does not have; a commented-out `# KEY=` counts as there. */
export function addLines(text: string | null, lines: Lines): { text: string } {
  const before = text ?? "";
  const known = new Set(before.split(/\r?\n/).flatMap(keysOf));
  const fresh: string[] = [];
  for (const line of lines) {
    if (known.has(line.key)) continue;
    known.add(line.key);
    fresh.push(line.text);
  }
  if (fresh.length === 0) return { text: before };
  const newline = newlineOf(before);
  const gap = before === "" || before.endsWith("\n") ? "" : newline;
  return { text: before + gap + fresh.map((line) => line.replace(/\r?\n/g, newline) + newline).join("") };
}

/** A line as it stands, and the name before `=` when it sets one. */
function keysOf(line: string): string[] {
  const plain = line.replace("\uFEFF", "").trim();
  const name = /^(?:#\s*)?(?:export\s+)?([\w.-]+)\s*=/.exec(plain)?.[1];
  return name === undefined ? [plain] : [plain, name];
}
