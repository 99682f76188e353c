/** The command line's own named reason to stop. */
import { exitCodes, type ExitCode } from "./exit-codes.ts";

/** The reader's repo, machine or command line stands in the way. */
export class Stop extends Error {
  override name = "Stop";
  readonly why: string;
  readonly next: string;
  readonly exitCode: ExitCode;

  constructor(what: string, why: string, next: string, exitCode: ExitCode = exitCodes.failed) {
    super(what);
    this.why = why;
    this.next = next;
    this.exitCode = exitCode;
  }
}
