/** The gates that run the app, in the lab and nowhere else. */
import { LabError, type Comparison, type Trial, type Verification } from "../../verify/index.ts";
import { fails, type Gate, type Word } from "./gate.ts";

/** In order of what they cost. `open` gives the lab of the attempt, the same one each time. */
export function labGates(open: () => Promise<Trial>): Gate[] {
  return [
    { name: "type-checks as before", check: () => inLab(async () => asBefore(await (await open()).types())) },
    { name: "passes the app's own tests", check: () => inLab(async () => asBefore(await (await open()).tests())) },
    {
      name: "boots and is no worse in the lab",
      check: () => inLab(async () => noWorse(await (await open()).prove())),
    },
  ];
}

/** An app that cannot be tried proves nothing. */
async function inLab(step: () => Promise<Word>): Promise<Word> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return fails(`${error.what}: ${error.why}`, error.log);
  }
}

function asBefore(comparison: Comparison): Word {
  switch (comparison.kind) {
    case "as-before":
      return { passes: true, note: comparison.note };
    case "worse":
      return fails(comparison.why, comparison.log);
    case "none":
      return { passes: true, note: `left out, ${comparison.why}` };
  }
}

function noWorse({ booted: { before, after }, verdicts }: Verification): Word {
  if (!before.ok) return fails(`the app does not boot in the lab even without it: ${before.reason}`, before.log);
  if (!after.ok) return fails(`the app does not boot with it: ${after.reason}`, after.log);
  const worse = verdicts.find(({ verdict }) => verdict === "regressed" || verdict === "broken");
  if (worse !== undefined) return fails(`${worse.title}: ${worse.verdict}. ${worse.reason}`);
  const words = verdicts.filter(({ verdict }) => verdict === "improved" || verdict === "unchanged");
  const mute = verdicts.find(({ verdict }) => verdict === "inconclusive");
  if (mute !== undefined && words.length === 0) return fails(`${mute.title}: the lab came to no word. ${mute.reason}`);
  const tried = words.map(({ title, verdict }) => `${title}: ${verdict}`).join("; ");
  return { passes: true, note: words.length === 0 ? "it boots; no experiment can be made here" : tried };
}
