/** The one named error of the lab: the app or the machine is at fault, said as what, why and what next. */

export interface Fault {
  /** `The build of the app failed`. */
  what: string;
  /** The cause as far as it is known. */
  why: string;
  /** What the reader can do. */
  next: string;
  /** The last lines the failing step printed, oldest first. */
  log?: readonly string[];
}

/** The app could not be installed, built or booted, or the machine lacks a part. `message` is one sentence each of what, why, next. */
export class LabError extends Error {
  readonly what: string;
  readonly why: string;
  readonly next: string;
  readonly log: readonly string[];

  constructor(fault: Fault) {
    const lines = (fault.log ?? []).map((line) => `\n  | ${line}`).join("");
    super(`${sentence(fault.what)} ${sentence(fault.why)} ${sentence(fault.next)}${lines}`);
    this.name = "LabError";
    this.what = fault.what;
    this.why = fault.why;
    this.next = fault.next;
    this.log = fault.log ?? [];
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
