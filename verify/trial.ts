/** A change on trial, step by step in one lab: the app's own checks first, then what `verify` does. */
import { compareTests } from "./own-checks/tests.ts";
import { compareTypes } from "./own-checks/types.ts";
import type { Comparison } from "./own-checks/comparison.ts";
import { openProcessRuntime } from "./runtime.ts";
import type { Verification, VerifyRequest } from "./verification.ts";
import { verifyOn } from "./verify.ts";

export interface Trial {
  types(): Promise<Comparison>;
  tests(): Promise<Comparison>;
  /** The last step: the lab is closed behind it. */
  prove(): Promise<Verification>;
  /** Ends everything; harmless when it has ended already. */
  close(): Promise<void>;
}

/** Each side is installed and built once for all steps, when the first of them asks. Throws `LabError` when no lab can be opened. */
export async function openTrial(request: VerifyRequest): Promise<Trial> {
  const runtime = await openProcessRuntime(request);
  return {
    types: () => compareTypes(runtime, request.signal),
    tests: () => compareTests(runtime, request.signal),
    prove: () => verifyOn(runtime, request),
    close: async () => void (await runtime.close()),
  };
}
