/** Ctrl-C and termination as an abort signal, so that what runs can be torn down in order. */
import type { Door } from "./verb.ts";

interface Interruption {
  signal: AbortSignal;
  /** Stops listening. */
  release(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal asks for an orderly end; a second one gets the system's own answer. */
function listenForInterrupt(say: (text: string) => void): Interruption {
  const controller = new AbortController();
  function stop(signal: NodeJS.Signals): void {
    release();
    say(`${signal}: stopping what runs; once more stops at once.`);
    controller.abort(new Interrupted(signal));
  }
  function release(): void {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
  for (const signal of SIGNALS) process.on(signal, stop);
  return { signal: controller.signal, release };
}

/** Runs what starts processes; a signal tears it down in order, and the outcome is then {@link Interrupted}. */
export async function untilInterrupted<T>(door: Door, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = listenForInterrupt((text) => {
    door.progress.end();
    door.terminal.say(text);
  });
  try {
    return await run(interruption.signal);
  } catch (error) {
    throw interruption.signal.aborted ? interruption.signal.reason : error;
  } finally {
    interruption.release();
  }
}

/** The reader stopped the command; not a fault of anyone's. */
export class Interrupted extends Error {
  override name = "Interrupted";
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`);
    this.signal = signal;
  }
}
