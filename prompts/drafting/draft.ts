/** One brief, one drafted edit: asked for, laid over the tree, sent through every gate; one second try, then it stays a brief. */
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Patch } from "../../patches/edit.ts";
import { BrokenPatchError, makePatch } from "../../patches/patch.ts";
import type { Trial } from "../../verify/index.ts";
import type { Model } from "../client/model.ts";
import { oneLine } from "../fence.ts";
import type { Task } from "../task.ts";
import type { Attempt } from "./gate.ts";
import { labGates } from "./lab-gates.ts";
import { draftQuestion, type Failure } from "./question.ts";
import { located, strangerIn, type Reply } from "./reply.ts";
import { sourceGates } from "./source-gates.ts";

export interface DraftRequest {
  task: Task;
  /** The tree that the edit is made on; the places of the task are its own. */
  repo: Repo;
  model: Model;
  /** The lab for one attempt; closed when the attempt is over. */
  openTrial: (attempt: Attempt) => Promise<Trial>;
  say: (step: string) => void;
  signal?: AbortSignal;
}

export interface Passed {
  gate: string;
  note: string | null;
}

/** Which gate a draft did not pass, and why, in words. */
export interface Refusal {
  kind: "refused";
  gate: string;
  why: string;
  log: readonly string[];
  /** Whether another answer may do better. */
  isFinal: boolean;
}

export type Drafting = { kind: "patch"; patch: Patch; after: Repo; passed: readonly Passed[] } | Refusal;

/** Rejects only when aborted. */
export async function draftPatch(request: DraftRequest): Promise<Drafting> {
  let failure: Failure | null = null;
  for (;;) {
    const answer = await ask(request, failure);
    if ("kind" in answer) return answer;
    const drafting = await judged(request, answer);
    if (drafting.kind === "patch" || drafting.isFinal || failure !== null) return drafting;
    failure = { ...drafting, reply: answer };
  }
}

async function ask(
  { task, repo, model, say, signal }: DraftRequest,
  failure: Failure | null,
): Promise<Reply | Refusal> {
  say(failure === null ? `asking ${model.name}` : `asking ${model.name} to mend it`);
  const answer = await model.ask(draftQuestion(task, repo, failure), signal);
  if (answer.kind === "none") return refused("comes as edits", answer.why, { isFinal: true });
  const { edits, reason } = answer.value;
  if (edits.length > 0) return answer.value;
  const words = oneLine(reason).slice(0, 200);
  return refused("can be made within the limits", words === "" ? "no edit came" : `the model says: ${words}`, {
    isFinal: true,
  });
}

/** Every gate in order, up to the first that the answer does not pass. */
async function judged(request: DraftRequest, reply: Reply): Promise<Drafting> {
  const { say, signal } = request;
  const attempt = attemptOf(request, reply);
  if ("kind" in attempt) return attempt;
  const lab = openedOnce(() => request.openTrial(attempt));
  const passed: Passed[] = [];
  try {
    for (const { name, isFinal, check } of [...sourceGates, ...labGates(lab.open)]) {
      signal?.throwIfAborted();
      say(name);
      const word = await check(attempt);
      if (!word.passes) return refused(name, word.why, { isFinal: isFinal ?? false, log: word.log ?? [] });
      passed.push({ gate: name, note: word.note ?? null });
    }
  } finally {
    await lab.close();
  }
  return { kind: "patch", patch: attempt.patch, after: attempt.after, passed };
}

/** The tree with the edits: they have to be found, to fit together, to stay in the tree, and to leave files that parse. */
function attemptOf({ task, repo, model }: DraftRequest, reply: Reply): Attempt | Refusal {
  const stranger = strangerIn(task, repo, reply);
  if (stranger !== null) return refused("touches only files of the task", oneLine(stranger), { isFinal: true });
  const found = located(repo, reply);
  if ("problem" in found) return refused("applies exactly once", found.problem);
  try {
    const making = makePatch(repo, {
      component: task.component,
      title: `${task.finding.title}: drafted by a model`,
      edits: found.edits,
      fixes: [task.finding.id],
      briefs: [],
      review: {
        level: "full",
        reason: `Drafted by the model ${model.name}, not by a recipe: every line wants a reader.`,
      },
      services: [],
      env: [],
      notes: [],
    });
    if (making.kind === "patch")
      return { task, before: repo, after: making.after, patch: { ...making.patch, draftedBy: model.name } };
    if (making.kind === "nothing") return refused("applies exactly once", "the edits change nothing");
    return refused("applies exactly once", making.conflicts.map(({ file, reason }) => `${file}: ${reason}`).join("; "));
  } catch (error) {
    if (error instanceof BrokenPatchError) return refused("parses", error.message);
    throw error;
  }
}

function refused(gate: string, why: string, more: Partial<Pick<Refusal, "log" | "isFinal">> = {}): Refusal {
  return { kind: "refused", gate, why, log: [], isFinal: false, ...more };
}

function openedOnce(open: () => Promise<Trial>): { open: () => Promise<Trial>; close: () => Promise<void> } {
  let opened: Promise<Trial> | null = null;
  return {
    open: () => (opened ??= open()),
    close: async () => {
      const trial = await opened?.catch(() => null);
      await trial?.close();
    },
  };
}
