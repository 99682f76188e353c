import { describe, expect, it } from "vitest";
import { RepoError } from "../analyzers/repo/disk.ts";
import { LabError } from "../verify/boot/lab-error.ts";
import { explanationOf, paragraph } from "./explanation.ts";

describe("explanation", () => {
  const fault = { what: "The build failed", why: "tsc is missing", next: "Install it", log: ["line 1"] };

  it.each([
    ["an error of the lab", new LabError(fault), fault],
    [
      "an error of the repo",
      new RepoError("There is no folder x.", "Check the path."),
      { what: "There is no folder x.", why: "", next: "Check the path.", log: [] },
    ],
  ])("reads %s", (_, error, explanation) => {
    expect(explanationOf(error)).toEqual(explanation);
  });

  it.each([
    ["a fault of ours", new TypeError("x is undefined")],
    ["an error with a foreign `next`", Object.assign(new Error("x"), { next: () => 1 })],
    ["what is no error", "text"],
  ])("is null for %s", (_, error) => {
    expect(explanationOf(error)).toBeNull();
  });

  it("says each sentence once, with its full stop", () => {
    expect(paragraph({ ...fault, why: "" })).toBe("The build failed. Install it.");
    expect(paragraph(fault)).toBe("The build failed. tsc is missing. Install it.");
  });
});
