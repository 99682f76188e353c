/** What the app's workloads on Kubernetes leave out that the cluster needs to run them well. */
import type { Model } from "../../../analyzers/model.ts";
import type { Match } from "../../finding.ts";
import { match } from "../match.ts";
import { casesOf, type Case, type Gap } from "./case.ts";
import { gapsOf } from "./gaps.ts";
import { ingressMatches } from "./ingress.ts";
import { mendOf } from "./mend.ts";
import { processMatches } from "./processes.ts";

export function manifestMatches(model: Model): Match[] {
  const cases = casesOf(model);
  return [...cases.flatMap(gapMatches), ...processMatches(cases, model), ...ingressMatches(model)];
}

/** One finding for what a patch adds and one for what is left to somebody who knows more. */
function gapMatches(each: Case): Match[] {
  const { mended, left } = sorted(each);
  return [
    ...(mended.length === 0 ? [] : [gapMatch(each, mended, "patch")]),
    ...(left.length === 0 ? [] : [gapMatch(each, left, "brief")]),
  ];
}

/** The gaps of a workload by whether a patch closes them; none does where its manifest cannot be written to. */
export function sorted(each: Case): { mended: Gap[]; left: Gap[] } {
  const gaps = gapsOf(each);
  const mended = gaps.filter(({ mend }) => "changes" in mend);
  return mendOf(each, mended) === null
    ? { mended: [], left: gaps }
    : { mended, left: gaps.filter((gap) => !mended.includes(gap)) };
}

/** The anchor of what is left stays the same when a patch has closed the rest. */
export function anchorOf({ workload: { kind, name } }: Case, fix: "patch" | "brief"): string {
  return fix === "patch" ? `${kind} ${name}` : `${kind} ${name} by hand`;
}

function gapMatch(each: Case, gaps: readonly Gap[], fix: "patch" | "brief"): Match {
  const { workload } = each;
  return match("k8s-manifest-gap", workload, {
    title: `${workload.kind} ${workload.name} leaves out ${listed(gaps.map(({ what }) => what))}`,
    confidence: gaps.some(({ isGrave }) => isGrave) ? "high" : "low",
    message: gaps.map(({ why }) => why).join(" "),
    anchor: anchorOf(each, fix),
    fix,
  });
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
