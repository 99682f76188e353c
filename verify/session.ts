/** What one verification carries from step to step. */
import { openLedger, type Ledger } from "./ledger.ts";
import { loopbackAddresses, type Addresses } from "./load/addresses.ts";
import type { Runtime } from "./runtime.ts";
import type { VerifyRequest } from "./verification.ts";

export interface Session {
  runtime: Runtime;
  request: VerifyRequest;
  ledger: Ledger;
  signal: AbortSignal;
  addresses: Addresses;
  /** True when no further round should be begun, or none that waits for so many seconds. */
  isOutOfTime: (seconds?: number) => boolean;
  say: (stage: string, message: string) => void;
}

const defaultBudgetSeconds = 240;

export function openSession(runtime: Runtime, request: VerifyRequest): Session {
  const deadline = performance.now() + (request.budgetSeconds ?? defaultBudgetSeconds) * 1000;
  return {
    runtime,
    request,
    ledger: openLedger(),
    signal: request.signal ?? new AbortController().signal,
    addresses: loopbackAddresses(),
    isOutOfTime: (seconds = 0) => performance.now() + seconds * 1000 > deadline,
    say: (stage, message) => request.on?.({ stage, side: null, message }),
  };
}
