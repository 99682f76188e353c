/** The gates that look at the source alone: nothing of the app runs. */
import { analyze } from "../../analyzers/index.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Finding } from "../../components/finding.ts";
import { type Judgement, judge } from "../../components/findings.ts";
import { fails, passes, type Gate } from "./gate.ts";
import { newReach } from "./reach.ts";

/** A change that takes more is no small patch any longer. */
const most = { files: 6, lines: 200 };

const small: Gate = {
  name: "is small",
  check({ patch: { files } }) {
    const lines = files.reduce((sum, { added, removed }) => sum + added + removed, 0);
    if (files.length > most.files) return fails(`${files.length} files are more than ${most.files}`);
    return lines > most.lines ? fails(`${lines} changed lines are more than ${most.lines}`) : passes;
  },
};

const noNewReach: Gate = {
  name: "reaches no further than the app did",
  isFinal: true,
  check({ before, patch }) {
    const why = newReach(before, patch.files);
    return why === null ? passes : fails(why);
  },
};

const cured: Gate = {
  name: "takes the finding away and brings no other",
  async check({ task: { finding, brief }, before, after }) {
    const [was, is] = [await judged(before), await judged(after)];
    const problem = is.problems.find(({ message }) => !was.problems.some((known) => known.message === message));
    if (problem !== undefined) return fails(problem.message);
    const isAlike = ({ rule, anchor }: Finding): boolean => rule === finding.rule && anchor === finding.anchor;
    if (everything(is).filter(isAlike).length >= everything(was).filter(isAlike).length)
      return fails(`${finding.rule} is still found at ${brief.where.file}`);
    const known = new Set(everything(was).map(({ fingerprint }) => fingerprint));
    const fresh = is.findings.find(({ fingerprint }) => !known.has(fingerprint));
    if (fresh === undefined) return passes;
    return fails(`it brings ${fresh.rule} at ${fresh.file}:${fresh.line}: ${fresh.message}`);
  },
};

async function judged(repo: Repo): Promise<Judgement> {
  return judge(await analyze(repo, { cacheFolder: null }), undefined, { baseline: false });
}

/** What is silenced counts as found. */
function everything({ findings, hidden, suppressed }: Judgement): Finding[] {
  return [...findings, ...hidden, ...suppressed.map(({ finding }) => finding)];
}

export const sourceGates: readonly Gate[] = [small, noNewReach, cured];
