/** `cancel_run`: stops a lab run and ends everything it started. */
import { z } from "zod";
import { awaitNews, RunAnswer, runAnswer } from "../report-run.ts";
import { defineTool } from "../tool.ts";

/** Tearing down takes seconds: processes are given time to end by themselves. */
const tearDownSeconds = 40;

export const cancelRun = defineTool({
  name: "cancel_run",
  title: "Stop a lab run",
  description:
    "Stops a run of verify_stack and ends every process, database and folder it started. Harmless when the run has ended.",
  input: z.strictObject({ runId: z.string() }),
  output: RunAnswer,
  effect: "runs",
  async handle({ runId }, { session, signal, progress }) {
    const run = session.runs.get(runId);
    run.cancel();
    await awaitNews(run, tearDownSeconds, signal, progress);
    return runAnswer(run);
  },
});
