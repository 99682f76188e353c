/** Matchers as the documentation and starters write them, against routes. */
import { describe, expect, it } from "vitest";
import type { Known } from "../../model.ts";
import { matcherOf } from "./matcher.ts";

const text = (value: string): Known => ({ kind: "literal", value });
const list = (...values: string[]): Known => ({ kind: "array", items: values.map(text) });

describe("matchers", () => {
  it.each<[Known, string, boolean]>([
    [{ kind: "unknown" }, "/anything", true],
    [text("/about"), "/about", true],
    [text("/about"), "/about/us", false],
    [text("/dashboard/:path*"), "/dashboard", true],
    [text("/dashboard/:path*"), "/dashboard/a/b", true],
    [text("/dashboard/:path+"), "/dashboard", false],
    [text("/users/:id"), "/users/:id", true],
    [text("/users/:id"), "/users/:id/edit", false],
    [text("/:lang(en|de)/shop"), "/en/shop", true],
    [text("/:lang(en|de)/shop"), "/fr/shop", false],
    [list("/a", "/b/:path*"), "/b/c", true],
    [list("/((?!api|_next/static|_next/image|favicon.ico).*)"), "/dashboard", true],
    [list("/((?!api|_next/static|_next/image|favicon.ico).*)"), "/api/pay", false],
    [list("/((?!.+\\.[\\w]+$|_next).*)", "/", "/(api|trpc)(.*)"), "/api/pay", true],
    [{ kind: "object", entries: { source: text("/a") }, open: false }, "/b", false],
    [{ kind: "array", items: [text("/a"), { kind: "unknown" }] }, "/b", true],
    [text("/((("), "/b", true],
    [text("/docs/*slug"), "/docs/*slug", false],
  ])("%j on %s", (matcher, path, matches) => {
    expect(matcherOf(matcher)(path)).toBe(matches);
  });
});
