/**
 * The worker process: works off the jobs that the web processes store. Run as many as the work
 * needs.
 */
// @if dotenv
import "dotenv/config";
// @end
import { Logger } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.ts";
import { work } from "./queue.ts";
import { closeStore } from "./store.ts";

const logger = new Logger("Worker");

async function start(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule);
  const stop = async (signal: string): Promise<void> => {
    logger.log(`${signal}: finishing the running jobs`);
    await closeStore();
    await app.close();
    process.exit(0);
  };
  process.once("SIGTERM", (signal) => void stop(signal));
  process.once("SIGINT", (signal) => void stop(signal));
  await work(app);
  logger.log("Worker is waiting for jobs");
}

start().catch((error: unknown) => {
  logger.error("Worker could not start", error instanceof Error ? error.stack : String(error));
  process.exit(1);
});
