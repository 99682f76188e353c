/** What a model is asked when it is to draft an edit. */
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Question } from "../client/model.ts";
import { excerptsOf } from "../excerpts.ts";
import { factsOf, filesOf, listed } from "../facts.ts";
import { fenceFor, oneLine } from "../fence.ts";
import { placesOf, type Task } from "../task.ts";
import { words } from "../words.ts";
import { Reply } from "./reply.ts";

/** An earlier answer to the same task, and which gate it did not pass. */
export interface Failure {
  reply: Reply;
  gate: string;
  why: string;
  log: readonly string[];
}

/** Lines before and after each place: most files are shown whole. */
const around = 150;
/** What is shown of all files together; about ten thousand words of a model. */
const mostCharacters = 40_000;

export function draftQuestion(task: Task, repo: Repo, failure: Failure | null): Question<Reply> {
  const { finding, brief } = task;
  const excerpts = excerptsOf(repo, placesOf(finding, brief), around).map(({ file, line, text }) =>
    `${file}, from line ${line}:\n${text}`.slice(0, mostCharacters),
  );
  const shownOnes = excerpts.filter((_, index) => excerpts.slice(0, index + 1).join("").length <= mostCharacters);
  const edits = failure === null ? "" : JSON.stringify(failure.reply.edits, null, 1).slice(0, mostCharacters);
  const said = failure === null ? "" : [failure.why, ...failure.log].join("\n").slice(0, 4000);
  const fence = fenceFor([factsOf(task), filesOf(task), ...shownOnes, edits, said]);
  return {
    name: "edits",
    schema: Reply,
    system: words("draft-rules", { MARK: fence.mark }),
    user: words("draft-task", {
      FACTS: fence.around(factsOf(task)),
      CONSTRAINTS: listed(brief.constraints),
      ACCEPTANCE: oneLine(brief.acceptance),
      FILES: fence.around(filesOf(task)),
      EXCERPTS: shownOnes.map((text) => fence.around(text)).join("\n\n"),
      AGAIN: failure !== null,
      EDITS: fence.around(edits),
      GATE: failure?.gate ?? "",
      FAILURE: fence.around(said),
    }),
  };
}
