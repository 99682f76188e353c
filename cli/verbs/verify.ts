/** `shoreup verify`: boots the app before and after the patches and measures what they change. */
import type { Command } from "commander";
import { standingOf, verificationAnswer } from "../../report/answers/verification.ts";
import { verificationText } from "../../report/text/verification.ts";
import { exitCodes } from "../exit-codes.ts";
import { planFor, withSelection } from "../planning.ts";
import { experimentsFor, type ProofOptions, prove, withProofOptions } from "../proving.ts";
import { Stop } from "../stop.ts";
import { answerJson, answerText, appCommand, type Door } from "../verb.ts";

export function verify(door: Door): Command {
  const command = appCommand("verify", "boot the app before and after its patches and measure the difference", [
    "text",
    "json",
  ]);
  return withProofOptions(withSelection(command)).action(async (path: string, options: ProofOptions) =>
    run(door, path, options),
  );
}

async function run(door: Door, path: string, options: ProofOptions): Promise<void> {
  const { repo, plan, patches } = await planFor(door, path, options);
  const experiments = await experimentsFor(plan, options.experiment);
  if (patches.length === 0)
    throw new Stop(
      "There is nothing to verify.",
      "No patch can be made for this app, so before and after are the same.",
      "`shoreup assess` says what was found.",
    );
  const answer = verificationAnswer(await prove(door, repo, plan, experiments, options), repo);
  if (options.format === "json") answerJson(door, answer);
  else answerText(door, verificationText(answer, door.terminal.canvas));
  door.finish(standingOf(answer.lab) === "sound" ? exitCodes.clean : exitCodes.findings);
}
