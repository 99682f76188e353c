/** The small files a recipe touches: package.json and the environment example. */
import { describe, expect, it } from "vitest";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { addEnv } from "./dotenv.ts";
import { addDependency, addScript, installNote } from "./package-json.ts";

describe("small files", () => {
  const service = {
    root: "api",
    dependencies: { pg: "^8.0.0" },
    devDependencies: { vitest: "^3.0.0" },
    scripts: { start: "node ." },
    packageManager: "pnpm" as const,
    lockfile: "pnpm-lock.yaml",
  };

  it("add dependencies and scripts once", () => {
    expect(addDependency(service, "pg", "^9.0.0")).toEqual([]);
    expect(addDependency(service, "bullmq", "^5.0.0")).toEqual([
      { kind: "json", file: "api/package.json", path: ["dependencies", "bullmq"], value: "^5.0.0" },
    ]);
    expect(addDependency(service, "vitest", "^4.0.0", "devDependencies")).toEqual([]);
    expect(addScript(service, "start", "node .")).toEqual([]);
    expect(addScript(service, "start", "node other")).toBeNull();
    expect(addScript(service, "worker", "node w")).toHaveLength(1);
    expect(installNote(service)).toContain("`pnpm install` and commit pnpm-lock.yaml");
  });

  it("name variables in the example file there is", () => {
    const repo = memoryRepo({ "api/.env.sample": "" });
    expect(addEnv(repo, "api", [{ name: "A", example: "1", note: "Why" }])).toEqual([
      { kind: "lines", file: "api/.env.sample", lines: [{ key: "A", text: "# Why\n# A=1" }] },
    ]);
    expect(addEnv(repo, "api", [])).toEqual([]);
    expect(addEnv(repo, ".", [{ name: "A", example: "1", note: "Why" }])).toEqual([]);
  });
});
