/** One document per brief that a coding agent can act on alone. */
import { fenceFor, shown } from "./fence.ts";
import type { Task } from "./task.ts";
import { words } from "./words.ts";

/** A path step or a route more than this says nothing new. */
const most = 10;

/** The task as Markdown: text of the repo is fenced as data, secrets in it are named instead of shown. */
export function briefMarkdown(task: Task): string {
  const { finding, brief, excerpts, checks } = task;
  const fence = fenceFor([factsOf(task), filesOf(task), ...excerpts.map(({ text }) => text)]);
  return words("brief", {
    RULE: finding.rule,
    ID: finding.id,
    MARK: fence.mark,
    FACTS: shown(factsOf(task)),
    FILES: shown(filesOf(task)),
    EXCERPTS:
      excerpts
        .map(({ file, line, text }) => fence.around(`${file}, from line ${line}:\n${numbered(text, line)}`))
        .join("\n\n") || "None can be shown.",
    CONSTRAINTS: brief.constraints.map((each) => `- ${oneLine(each)}`).join("\n"),
    ACCEPTANCE: oneLine(brief.acceptance),
    CHECKS: checks.map(({ command, expects }) => `- \`${command}\`: ${expects}`).join("\n"),
  });
}

/** What was found, a line each. */
function factsOf({ finding, brief }: Task): string {
  const { title, message, routes, path } = finding;
  return [
    `at: ${brief.where.file}:${brief.where.line}`,
    `finding: ${title}`,
    `why: ${brief.why}`,
    ...(brief.why.includes(message) ? [] : [`seen: ${message}`]),
    ...(routes.length > 0 ? [`routes: ${routes.slice(0, most).join(", ")}${more(routes)}`] : []),
    ...path.slice(0, most).map(({ file, line, label }) => `path: ${file}:${line} ${label}`),
  ]
    .map(oneLine)
    .join("\n");
}

function filesOf({ touchable: { files, newIn } }: Task): string {
  return [...files.map((file) => `change: ${file}`), ...newIn.map((folder) => `new files in: ${folder}`)]
    .map(oneLine)
    .join("\n");
}

function more(list: readonly unknown[]): string {
  return list.length > most ? ` and ${list.length - most} more` : "";
}

function oneLine(text: string): string {
  return shown(text.replace(/\s*[\r\n]+\s*/g, " "));
}

function numbered(text: string, from: number): string {
  const lines = text.split("\n");
  const width = String(from + lines.length - 1).length;
  return lines.map((line, index) => `${String(from + index).padStart(width)} | ${line}`.trimEnd()).join("\n");
}
