import { defineConfig } from "vitest/config";

/** The heavy suite: real processes, real Postgres, real load. One file at a time, so that loads do not disturb each other. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.e2e.ts"],
    exclude: ["**/node_modules/**", "e2e/apps/**"],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
