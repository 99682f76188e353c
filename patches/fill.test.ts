/** Templates: placeholders filled, parts left out, mistakes named. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fill } from "./fill.ts";
import { templatesOf } from "./templates.ts";

it.each<[string, Record<string, string | boolean>, string]>([
  ["FROM node:__NODE_MAJOR__-slim\n", { NODE_MAJOR: "24" }, "FROM node:24-slim\n"],
  ["__A____B__ __dirname\n", { A: "1", B: "2" }, "12 __dirname\n"],
  ["a\n// @if redis\nb\n// @end\nc\n", { redis: true }, "a\nb\nc\n"],
  ["a\n# @if redis\nb __X__\n# @end\nc\n", { redis: false }, "a\nc\n"],
  ["# @if !redis\na\n  # @if mail\nb\n  # @end\n# @end\n", { redis: false, mail: false }, "a\n"],
])("%j with %j", (template, values, wanted) => {
  expect(fill(template, values)).toBe(wanted);
});

it.each([
  ["__A__", "A, which has no value"],
  ["// @if a\n// @end", "the condition a"],
  ["// @if !b\n", "an @if without an @end"],
  ["// @end", "an @end without an @if"],
])("%j is a mistake", (template, message) => {
  expect(() => fill(template, { b: true })).toThrow(message);
});

it("reads a component's own templates, and no other file", () => {
  const folder = mkdtempSync(join(tmpdir(), "shoreup-templates-"));
  mkdirSync(join(folder, "templates"));
  writeFileSync(join(folder, "templates", "a.ts"), "a();\n");
  writeFileSync(join(folder, "secret"), "x");
  expect(templatesOf(folder)("a.ts")).toBe("a();\n");
  expect(() => templatesOf(folder)("b.ts")).toThrow("has no template b.ts");
  expect(() => templatesOf(folder)("../secret")).toThrow("stay in their folder");
  rmSync(folder, { recursive: true });
});
