/** A step that runs the app's tests, put into a workflow that installs its packages already. */
import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap, type YAMLSeq } from "yaml";
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { ships } from "./ships.ts";

/** What runs the tests in `folder`, and the installs after which it can. */
export interface TestRun {
  folder: string;
  command: string;
  /** The command of a step that puts the packages in place. */
  installs: RegExp;
}

/** Checks that come before tests, and steps that must come after them. */
const checking = /\b(lint|eslint|biome|prettier|format|tsc|type-?check|types|ruff|flake8|mypy|black)\b/;

/** Null where the workflow is another provider's, runs for no change, or has no job, or several, that installs the packages. */
export function testStep(file: string, run: TestRun, { repo }: Pick<Model, "repo">): Edit[] | null {
  const text = repo.read(file) ?? "";
  if (!file.startsWith(".github/workflows/") || text.includes("\t")) return null;
  const document = parseDocument(text);
  if (document.errors.length > 0 || !seesChanges(document)) return null;
  const jobs = document.get("jobs");
  const places = isMap(jobs) ? jobs.items.flatMap(({ value }) => placeIn(value, run, document) ?? []) : [];
  const [place] = places;
  return place === undefined || places.length > 1 ? null : inserted(file, text, place, run.command);
}

function seesChanges(document: Document): boolean {
  const on: unknown = document.toJS()?.["on"];
  const events = typeof on === "object" && on !== null && !Array.isArray(on) ? Object.keys(on) : [on].flat();
  return events.some((event) => event === "push" || event === "pull_request");
}

interface Place {
  steps: YAMLSeq;
  /** Index of the step behind which the tests go. */
  after: number;
  /** Where the install runs, as its own step says; null when it does not. */
  folder: string | null;
}

function placeIn(job: unknown, run: TestRun, document: Document): Place | null {
  const steps = isMap(job) ? job.get("steps") : null;
  if (!isMap(job) || !isSeq(steps) || steps.flow === true || job.has("if") || job.has("container")) return null;
  const lines = steps.items.map((step) => textAt(step, "run"));
  const install = lines.findIndex((line) => run.installs.test(line));
  if (install < 0 || lines.filter((line) => run.installs.test(line)).length > 1) return null;
  const folder = textAt(steps.items[install], "working-directory") || null;
  const usual = defaultFolder(document) ?? defaultFolder(job);
  if (plain(folder ?? usual ?? ".") !== run.folder || /(^|\s)cd\s|--prefix|-C\s/.test(lines[install] ?? ""))
    return null;
  const shipping = steps.items.findIndex((step) => ships.test(lines[steps.items.indexOf(step)] + textAt(step, "uses")));
  const before = lines.slice(0, shipping < 0 ? lines.length : shipping);
  if (shipping >= 0 && shipping < install) return null;
  const checks = before.findLastIndex(
    (line, index) => index > install && checking.test(line) && !/\bbuild\b/.test(line),
  );
  const prepared = before.findLastIndex((line, index) => index > install && /\bgenerate\b/.test(line));
  return { steps, after: Math.max(install, checks, prepared), folder };
}

function textAt(step: unknown, key: string): string {
  const value = isMap(step) ? step.get(key) : null;
  return typeof value === "string" ? value : "";
}

function defaultFolder(node: Document | YAMLMap): string | null {
  const value = node.getIn(["defaults", "run", "working-directory"]);
  return typeof value === "string" ? value : null;
}

function plain(folder: string): string {
  return folder.replace(/^\.\//, "").replace(/\/$/, "") || ".";
}

/** In the steps' own manner: indentation, names where they have some, blank lines where they are set apart by them. */
function inserted(file: string, text: string, { steps, after, folder }: Place, command: string): Edit[] | null {
  const beside = steps.items[after];
  const next = steps.items[after + 1];
  const range = isMap(beside) ? beside.range : null;
  if (!isMap(beside) || range === null || range === undefined) return null;
  const start = text.lastIndexOf("\n", range[0]) + 1;
  const dash = /^\s*-\s+/.exec(text.slice(start, range[0]))?.[0];
  if (dash === undefined) return null;
  const indent = " ".repeat(dash.length);
  const isNamed =
    steps.items.filter((step) => isMap(step) && isScalar(step.get("run", true)) && step.has("name")).length > 0;
  const lines = [
    ...(isNamed ? ["name: Test"] : []),
    `run: ${command}`,
    ...(folder === null ? [] : [`working-directory: ${folder}`]),
  ];
  const end = lastCharacter(text, range[0], range[1]);
  const nextStart = isMap(next) ? (next.range?.[0] ?? null) : null;
  const isSpaced = nextStart !== null && /\n[ \t]*\n/.test(text.slice(end, nextStart));
  const block = `\n${isSpaced ? "\n" : ""}${dash}${lines.join(`\n${indent}`)}`;
  const changed = text.slice(0, end) + block + text.slice(end);
  return isSound(text, changed) ? [{ kind: "replace", file, start: end, end, text: block }] : null;
}

function lastCharacter(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}

/** The file reads as before, but for one step more. */
function isSound(before: string, after: string): boolean {
  const one = parseDocument(before).toJS();
  const other = parseDocument(after);
  const count = (value: unknown): number => JSON.stringify(value).split('"run":').length;
  return (
    other.errors.length === 0 &&
    count(other.toJS()) === count(one) + 1 &&
    isDeepStrictEqual(one["on"], other.toJS()["on"])
  );
}
