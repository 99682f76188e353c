/** Writes the baseline into the app's folder: the one file that an assessment may leave there, and only when asked to. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { baselineFile, baselineOf } from "../components/baseline.ts";
import type { Finding } from "../components/finding.ts";
import { exitCodes } from "./exit-codes.ts";
import { Stop } from "./stop.ts";
import type { Door } from "./verb.ts";

/** All or nothing. Throws {@link Stop} when the folder cannot be written to. */
export function writeBaseline(door: Door, root: string, findings: readonly Finding[]): void {
  const file = join(root, baselineFile);
  const draft = `${file}.${process.pid}.new`;
  try {
    writeFileSync(draft, baselineOf(findings), { flag: "wx" });
    renameSync(draft, file);
  } catch (error) {
    throw new Stop(
      `The baseline could not be written to ${file}.`,
      error instanceof Error ? error.message : String(error),
      "Check the folder's permissions, then try again.",
    );
  }
  door.progress.end();
  door.terminal.say(
    `${findings.length} findings of today are known from now on: commit ${baselineFile}. Only new ones are reported.`,
  );
  door.finish(exitCodes.clean);
}
