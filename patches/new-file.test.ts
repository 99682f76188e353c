/** New files: free names, spelled and ended as their neighbours are. */
import { expect, it } from "vitest";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import { newFile } from "./new-file.ts";

it.each([
  [["src/app.ts"], "src", "src/app.ts", "src/rate-limit.ts"],
  [["app.js"], ".", "app.js", "rate-limit.js"],
  [["src/app.mjs"], "src", "src/app.mjs", "src/rate-limit.mjs"],
  [["src/page.tsx"], "src", "src/page.tsx", "src/rate-limit.ts"],
  [["src/m/errorHandler.ts", "src/app.ts"], "src/m", "src/app.ts", "src/m/rateLimit.ts"],
  [["src/m/errorHandler.ts", "src/m/async-handler.ts"], "src/m", "src/app.ts", "src/m/rate-limit.ts"],
  [["src/rate-limit.js"], "src", "src/app.ts", "src/rate-limit2.ts"],
  [["src/Rate-Limit.ts", "src/rate-limit2.ts"], "src", "src/app.ts", "src/rate-limit3.ts"],
  [["bin/www"], "bin", "bin/www", "bin/rate-limit.js"],
])("among %j in %s", (files, folder, beside, expected) => {
  const repo = memoryRepo(Object.fromEntries(files.map((file) => [file, ""])));
  expect(newFile(repo, folder, "rate-limit", beside)).toBe(expected);
});
