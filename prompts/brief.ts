/** One document per brief that a coding agent can act on alone. */
import { factsOf, filesOf, listed } from "./facts.ts";
import { fenceFor, oneLine } from "./fence.ts";
import type { Task } from "./task.ts";
import { words } from "./words.ts";

/** The task as Markdown: text of the repo is fenced as data, secrets in it are named instead of shown. */
export function briefMarkdown(task: Task): string {
  const { finding, brief, excerpts, checks } = task;
  const fence = fenceFor([factsOf(task), filesOf(task), ...excerpts.map(({ text }) => text)]);
  return words("brief", {
    RULE: finding.rule,
    ID: finding.id,
    MARK: fence.mark,
    FACTS: fence.around(factsOf(task)),
    FILES: fence.around(filesOf(task)),
    EXCERPTS:
      excerpts
        .map(({ file, line, text }) => fence.around(`${file}, from line ${line}:\n${numbered(text, line)}`))
        .join("\n\n") || "None can be shown.",
    CONSTRAINTS: listed(brief.constraints),
    ACCEPTANCE: oneLine(brief.acceptance),
    CHECKS: checks.map(({ command, expects }) => `- \`${command}\`: ${expects}`).join("\n"),
  });
}

function numbered(text: string, from: number): string {
  const lines = text.split("\n");
  const width = String(from + lines.length - 1).length;
  return lines.map((line, index) => `${String(from + index).padStart(width)} | ${line}`.trimEnd()).join("\n");
}
