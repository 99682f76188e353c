/** Leaves a turn of a schedule out while the last one is under way in this process. */
export function skipWhileRunning<Args extends unknown[]>(run: (...args: Args) => unknown) {
  let running = false;
  return async (...args: Args): Promise<void> => {
    if (running) return;
    running = true;
    try {
      await run(...args);
    } finally {
      running = false;
    }
  };
}
