/** Mends the app's own manifests and writes what stands beside them; what it leaves comes as a brief. */
import type { Model } from "../../../analyzers/model.ts";
import type { Templates } from "../../component.ts";
import type { Finding } from "../../finding.ts";
import type { Outcome } from "../outcome.ts";
import { besideBriefs, briefForGaps } from "./briefs.ts";
import { casesOf } from "./case.ts";
import { companionsOf } from "./companions.ts";
import { anchorOf, sorted } from "./detect.ts";
import { mendOf } from "./mend.ts";
import { processEdits, unstartedIn } from "./processes.ts";

/** What the findings on manifests come to; the others are left out. */
export function manifestOutcomes(
  findings: readonly Finding[],
  model: Model,
  templates: Templates,
): { finding: Finding; outcome: Outcome }[] {
  const own = findings.filter(({ rule }) => rule === "containers/k8s-manifest-gap");
  if (own.length === 0) return [];
  const cases = casesOf(model);
  const unstarted = unstartedIn(cases, model);
  const mends = cases.map((each) => {
    const { mended, left } = sorted(each);
    const finding = own.find(({ anchor, file }) => anchor === anchorOf(each, "patch") && file === each.workload.file);
    const edits = finding === undefined ? [] : (mendOf(each, mended) ?? []);
    return { each, mended, left, finding, edits };
  });
  const inside = mends.flatMap(({ edits }) => edits);
  const [first] = mends.filter(({ finding }) => finding !== undefined);
  const outcomeOf = (finding: Finding): Outcome => {
    const done = mends.find((each) => each.finding === finding);
    if (done !== undefined) {
      const notes = done.mended.flatMap(({ mend }) => ("changes" in mend ? mend.notes : []));
      const beside = companionsOf(done.each, done.mended, templates);
      // Lines within manifests, those of all workloads, come before documents at the ends of the same files.
      return { edits: [...(done === first ? inside : []), ...beside], notes };
    }
    const left = mends.find(
      ({ each }) => anchorOf(each, "brief") === finding.anchor && each.workload.file === finding.file,
    );
    if (left !== undefined) return { brief: briefForGaps(finding, left.left) };
    const missing = unstarted.find(({ anchor }) => anchor === finding.anchor);
    const edits = missing === undefined ? null : processEdits(missing, inside, model);
    if (edits === null) return { brief: besideBriefs(finding) };
    const note = `The new workload runs \`${missing?.process.name}\` from the web process's image: let the pipeline write the same version into both.`;
    return { edits, notes: [note] };
  };
  return own.map((finding) => ({ finding, outcome: outcomeOf(finding) }));
}
