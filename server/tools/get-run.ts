/** `get_run`: how far a lab run is, and its verdicts when it is done. */
import { z } from "zod";
import { awaitNews, RunAnswer, runAnswer } from "../report-run.ts";
import { waitSeconds } from "../shapes.ts";
import { defineTool } from "../tool.ts";

export const getRun = defineTool({
  name: "get_run",
  title: "Look at a lab run",
  description: "State and verdicts of a run that verify_stack started. Waits up to waitSeconds for its end.",
  input: z.strictObject({ runId: z.string(), waitSeconds }),
  output: RunAnswer,
  effect: "reads",
  async handle({ runId, waitSeconds: seconds }, { session, signal, progress }) {
    const run = session.runs.get(runId);
    await awaitNews(run, seconds, signal, progress);
    return runAnswer(run);
  },
});
