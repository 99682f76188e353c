/** Which names belong to packages of the repo's own. */
import { expect, it } from "vitest";
import { memoryRepo } from "../repo/memory.ts";
import { readPackages } from "./packages.ts";

it("gives a name to the dependency when an app is called like it", () => {
  const named = (dependencies: Record<string, string>): boolean =>
    readPackages(memoryRepo({ "package.json": JSON.stringify({ name: "express", dependencies }) })).byName.has(
      "express",
    );
  expect(named({ express: "^4.19.2" })).toBe(false);
  expect(named({ fastify: "^5.0.0" })).toBe(true);
});
