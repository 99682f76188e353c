/** Turns the dials of the outside world that a design asks for. */
import type { Fault } from "../experiment.ts";
import type { Outside } from "../stack.ts";

export type DialFault = Extract<Fault, { kind: "mail" | "http" }>;
export type ProcessFault = Exclude<Fault, DialFault>;

export function isDial(fault: Fault): fault is DialFault {
  return fault.kind === "mail" || fault.kind === "http";
}

export function turnDial(outside: Outside, fault: DialFault): void {
  if (fault.kind === "mail") return outside.dialMail(fault.dial, fault.milliseconds);
  const { milliseconds, times } = fault;
  outside.dialHttp(fault.host, fault.dial, {
    ...(milliseconds === undefined ? {} : { milliseconds }),
    ...(times === undefined ? {} : { times }),
  });
}
