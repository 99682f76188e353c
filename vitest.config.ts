import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{analyzers,patches,verify,components,prompts,report,cli,server,bench}/**/*.test.ts"],
    exclude: ["**/fixtures/**", "**/templates/**", "**/node_modules/**", "e2e/apps/**"],
    testTimeout: 20_000,
    // Every core: by default one is left free, which on two cores doubles the time.
    maxWorkers: "100%",
  },
});
