/** Tests in front of a piece of code, read from its text. */
import { expect, it } from "vitest";
import { conditionsOf } from "./conditions.ts";

it.each<[string, string, string[]]>([
  ["nothing", "startJobs();", []],
  ["a block", "if (process.env.CRON) {\n  startJobs();\n}", ["if (process.env.CRON)"]],
  ["a closed block", "if (a) { b(); }\nstartJobs();", []],
  ["no braces", "if (a) startJobs();", ["if (a)"]],
  ["a logical and", "process.env.CRON === 'on' && startJobs();", ["process.env.CRON === 'on' &&"]],
  ["an early return", "function go() { if (!enabled) return; startJobs(); }", ["if (!enabled) return"]],
  ["an early return in a block", "function go() { if (!enabled) { log(); return; } startJobs(); }", ["if (!enabled)"]],
  ["a return in another function", "function a() { if (x) return; }\nfunction go() { startJobs(); }", []],
  ["texts and comments", "const s = '{ if (a) {'; // if (b) {\nstartJobs();", []],
  ["a nest", "if (a) {\n  run(() => {\n    if (b) { startJobs(); }\n  });\n}", ["if (a)", "if (b)"]],
])("%s", (_, text, expected) => {
  expect(conditionsOf(text, { start: text.indexOf("startJobs") })).toEqual(expected);
});
