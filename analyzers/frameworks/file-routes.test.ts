/** Folder names and the paths they stand for. */
import { describe, expect, it } from "vitest";
import { nextSegment, routePath } from "./file-routes.ts";

describe("folders as paths", () => {
  it.each([
    ["", "/"],
    ["users", "/users"],
    ["users/[id]/edit", "/users/:id/edit"],
    ["(marketing)/pricing", "/pricing"],
    ["(a)/(b)", "/"],
    ["docs/[...slug]", "/docs/*slug"],
    ["docs/[[...slug]]", "/docs/*slug"],
    ["[[lang]]/about", "/:lang?/about"],
    ["items/[id=integer]", "/items/:id"],
    ["files/[...path=safe]", "/files/*path"],
    ["report-[year]", "/report-:year"],
    ["[team-id]", "/:team-id"],
    ["v1.0/(.well-known)", "/v1.0/(.well-known)"],
  ])("%s is %s", (folders, path) => {
    expect(routePath(folders.split("/").filter((each) => each !== ""))).toBe(path);
  });

  it.each([
    ["@modal/login", "/login"],
    ["feed/(.)photo/[id]", "/feed/photo/:id"],
    ["feed/(..)(..)photo", "/feed/photo"],
    ["feed/(...)photo", "/feed/photo"],
    ["(shop)/cart", "/cart"],
  ])("in Next, %s is %s", (folders, path) => {
    expect(routePath(folders.split("/"), nextSegment)).toBe(path);
  });
});
