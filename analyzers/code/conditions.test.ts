/** Tests in front of a piece of code, read from its text. */
import { expect, it } from "vitest";
import { conditionsOf, isDoneOnce } from "./conditions.ts";

it.each<[string, string, string[]]>([
  ["nothing", "startJobs();", []],
  ["a block", "if (process.env.CRON) {\n  startJobs();\n}", ["if (process.env.CRON)"]],
  ["a closed block", "if (a) { b(); }\nstartJobs();", []],
  ["no braces", "if (a) startJobs();", ["if (a)"]],
  ["a logical and", "process.env.CRON === 'on' && startJobs();", ["process.env.CRON === 'on' &&"]],
  ["an early return", "function go() { if (!enabled) return; startJobs(); }", ["unless (!enabled) return"]],
  [
    "an early return in a block",
    "function go() { if (!enabled) { log(); return; } startJobs(); }",
    ["unless (!enabled)"],
  ],
  [
    "an early return within a closed block",
    "function go() { if (cache) { const id = get(); if (id !== own) { return; } } startJobs(); }",
    ["unless (id !== own)"],
  ],
  ["a return in another function", "function a() { if (x) return; }\nfunction go() { startJobs(); }", []],
  ["texts and comments", "const s = '{ if (a) {'; // if (b) {\nstartJobs();", []],
  ["a nest", "if (a) {\n  run(() => {\n    if (b) { startJobs(); }\n  });\n}", ["if (a)", "if (b)"]],
])("%s", (_, text, expected) => {
  expect(conditionsOf(text, { start: text.indexOf("startJobs") })).toEqual(expected);
});

it.each<[string, string, boolean]>([
  ["kept when missing", "if (!logo) { logo = work(); }", true],
  ["returned when there", "if (this.path) return this.path;\nconst found = work();", true],
  ["for somebody else's sake", "if (!user) { logo = work(); }", false],
  ["another answer", "if (done) return other;\nwork();", false],
  ["always", "logo = work();", false],
])("work that is %s", (_, text, expected) => {
  const start = text.indexOf("work");
  const statement = { start: Math.max(0, text.lastIndexOf("logo = ", start)) };
  expect(isDoneOnce(text, { span: { start }, statement })).toBe(expected);
});
