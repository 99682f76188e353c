/** The assessment of an app: that of an earlier run, as long as nothing it rests on has changed. */
import { answerFile, keepAnswer, keptAnswer, watched } from "../analyzers/repo/answers.ts";
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Judgement } from "../components/findings.ts";
import type { Assessment } from "../report/answers/assessment.ts";
import { cacheOf, modelOf, type CacheOptions } from "./target.ts";
import type { Door } from "./verb.ts";

interface Asked extends CacheOptions {
  /** Adds what is plausible but unproven. */
  hidden: boolean;
  /** False: what the repo's baseline knows is reported, too. */
  baseline: boolean;
}

export async function assessed(door: Door, repo: Repo, asked: Asked): Promise<Assessment> {
  const { cacheFolder } = cacheOf(asked);
  if (cacheFolder === null) return freshly(door, repo, asked);
  const question = `assess${asked.hidden ? "-hidden" : ""}${asked.baseline ? "" : "-all"}`;
  const file = answerFile(cacheFolder, repo.root, question);
  const started = performance.now();
  const { Assessment } = await import("../report/answers/assessment.ts");
  const kept = Assessment.safeParse(keptAnswer(file, repo));
  if (kept.success) {
    door.progress.stage("nothing has changed", "the answer of the last run holds");
    return { ...kept.data, timings: { recall: Math.round(performance.now() - started) } };
  }
  const watch = watched(repo);
  const answer = await freshly(door, watch.repo, asked);
  keepAnswer(file, watch, answer);
  return answer;
}

async function freshly(door: Door, repo: Repo, asked: Asked): Promise<Assessment> {
  const { model, judgement } = await judged(door, repo, asked);
  const [{ assessment }, { statuses }] = await Promise.all([
    import("../report/answers/assessment.ts"),
    import("../components/assess.ts"),
  ]);
  return assessment(model, judgement, statuses(model, judgement), { hidden: asked.hidden });
}

/** The app's model, and what every detector says of it. */
export async function judged(
  door: Door,
  repo: Repo,
  asked: Pick<Asked, "cache" | "baseline">,
): Promise<{ model: Awaited<ReturnType<typeof modelOf>>; judgement: Judgement }> {
  const model = await modelOf(repo, door.progress, asked);
  door.progress.stage("judging");
  const { judge } = await import("../components/findings.ts");
  return { model, judgement: judge(model, undefined, { baseline: asked.baseline }) };
}
