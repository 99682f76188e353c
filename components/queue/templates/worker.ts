/**
 * The worker process: works off the jobs that the web processes store. Run as many as the work
 * needs.
 */
// @if dotenv
import "dotenv/config";
// @end
import { work } from "./queue.ts";
import { closeStore } from "./store.ts";

async function stop(signal: string): Promise<void> {
  console.log(`${signal}: finishing the running jobs`);
  await closeStore();
  process.exit(0);
}

process.once("SIGTERM", (signal) => void stop(signal));
process.once("SIGINT", (signal) => void stop(signal));

work().then(
  () => console.log("Worker is waiting for jobs"),
  (error: unknown) => {
    console.error("Worker could not start:", error);
    process.exit(1);
  },
);
