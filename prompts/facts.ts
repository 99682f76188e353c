/** What a task says, a line for each fact. */
import { oneLine } from "./fence.ts";
import type { Task } from "./task.ts";

/** A path step or a route more than this says nothing new. */
const most = 10;

/** What was found, a line each. */
export function factsOf({ finding, brief }: Task): string {
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

export function filesOf({ touchable: { files, newIn } }: Task): string {
  return [...files.map((file) => `change: ${file}`), ...newIn.map((folder) => `new files in: ${folder}`)]
    .map(oneLine)
    .join("\n");
}

function more(list: readonly unknown[]): string {
  return list.length > most ? ` and ${list.length - most} more` : "";
}

/** Sentences of ours as a list. */
export function listed(sentences: readonly string[]): string {
  return sentences.map((each) => `- ${oneLine(each)}`).join("\n");
}
