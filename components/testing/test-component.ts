/** What holds for every component, so that no author has to test it: one call runs a component over all its fixtures. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import type { Model } from "../../analyzers/model.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";
import { applyPatch } from "../../patches/apply/apply.ts";
import { undoPatch } from "../../patches/apply/undo.ts";
import type { Patch } from "../../patches/edit.ts";
import { syntaxProblem } from "../../patches/patch.ts";
import { statuses } from "../assess.ts";
import type { Component } from "../component.ts";
import type { Finding } from "../finding.ts";
import { judge } from "../findings.ts";
import type { Judgement } from "../findings.ts";
import { stepOf } from "../plan.ts";
import type { PlanStep } from "../plan.ts";
import { fixturesOf, readGolden, readTree, writeGolden, writeTree } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";

/** What one case yields: computed once, looked at by many tests. */
interface Trial {
  model: Model;
  judgement: Judgement;
  step: PlanStep;
  patch: Patch | null;
  /** The patched tree and what is found in it; null without a patch. */
  after: { repo: Repo; judgement: Judgement; again: PlanStep } | null;
}

/** Declares the tests of one component. `UPDATE=1` rewrites the golden `after/` folders. */
export function testComponent(component: Component): void {
  describe.each(fixturesOf(component))(`${component.id} on $name`, (fixture) => {
    let trial: Trial;
    beforeAll(async () => {
      trial = await tried(component, fixture);
    });
    testFindings(component, fixture, () => trial);
    testPatch(component, fixture, () => trial);
    if (fixture.after !== null) testUndo(fixture, () => trial);
  });
}

function testFindings(component: Component, fixture: Fixture, trial: () => Trial): void {
  it("finds what the markers say, and nothing else", () => {
    const { judgement } = trial();

    expect(judgement.problems.filter(({ place }) => place === null)).toEqual([]);
    expect(places(judgement.findings)).toEqual(places(fixture.expected));
    expect(places(judgement.hidden)).toEqual(expect.arrayContaining(places(fixture.low)));
  });

  it("has a verdict with a reason, and a trip-wire when it says not yet", () => {
    const { model, judgement } = trial();

    const [status] = statuses(model, judgement, [component]);

    expect(status?.reason).toMatch(/\S/);
    const areNotes = judgement.findings.every(({ severity }) => severity === "note");
    const isSaid =
      status?.verdict === "add_now" || (areNotes && status?.reason.includes(judgement.findings[0]?.title ?? "\n"));
    expect(isSaid).toBe(fixture.expected.length > 0);
    expect(status?.verdict !== "not_yet" || /\S/.test(status.tripWire ?? "")).toBe(true);
  });
}

function testPatch(component: Component, fixture: Fixture, trial: () => Trial): void {
  it("changes what after/ shows, and no other file", () => {
    const { step, patch } = trial();
    if (updating && patch !== null && fixture.kind === "firing") writeGolden(fixture, changed(patch));

    expect(trouble(step)).toEqual([]);
    expect(patch === null ? null : changed(patch)).toEqual(updating ? readGolden(fixture) : fixture.after);
  });

  it("leaves files that parse, without the findings it says it cures", () => {
    expect(brokenFiles(trial())).toEqual([]);
    expect(uncured(trial())).toEqual([]);
  });

  it("changes nothing the second time, and the same whenever it starts anew", () => {
    const { model, step, after } = trial();

    expect(after?.again.outcome ?? { kind: "nothing" }).toMatchObject({ kind: "nothing" });
    expect(after === null ? [] : trouble(after.again)).toEqual([]);
    expect(stepOf(component, "", model).step).toEqual(step);
  });
}

/** Tests leave nothing in the user's cache folder. */
const uncached = { cacheFolder: null };

const updating = process.env["UPDATE"] === "1";

async function tried(component: Component, fixture: Fixture): Promise<Trial> {
  const model = await analyze(memoryRepo(fixture.before), uncached);
  const judgement = judge(model, [component]);
  const { step, after } = stepOf(component, "", model);
  const patch = step.outcome.kind === "patch" ? step.outcome.patch : null;
  if (after === null) return { model, judgement, step, patch, after: null };
  const patched = await analyze(after, uncached);
  const again = stepOf(component, "", patched).step;
  return { model, judgement, step, patch, after: { repo: after, judgement: judge(patched, [component]), again } };
}

/** Conflicts, or the recipe's exception. */
function trouble({ outcome }: PlanStep): unknown[] {
  if (outcome.kind === "conflict") return outcome.conflicts;
  return outcome.kind === "nothing" && outcome.reason.includes("recipe failed") ? [outcome.reason] : [];
}

function brokenFiles({ patch }: Trial): string[] {
  return (patch?.files ?? []).flatMap(({ path, after }) => {
    const problem = after === null ? null : syntaxProblem(path, after);
    return problem === null ? [] : [`${path}: ${problem}`];
  });
}

/** What the patch claims to cure and does not, and what it claims without having been asked. */
function uncured({ patch, step, after }: Trial): string[] {
  if (patch === null || after === null) return [];
  const left = new Set([...after.judgement.findings, ...after.judgement.hidden].map(({ fingerprint }) => fingerprint));
  return patch.findings.flatMap((id) => {
    const finding = step.findings.find((candidate) => candidate.id === id);
    if (finding === undefined) return [`${id} is no finding`];
    return left.has(finding.fingerprint) ? [`${finding.file}:${finding.line} ${finding.rule}`] : [];
  });
}

/** On a real disk: applying gives the patched tree, undoing gives back every byte. */
function testUndo(fixture: Fixture, trial: () => Trial): void {
  const home = mkdtempSync(join(tmpdir(), "shoreup-fixture-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it("applies to a disk, and undo restores it byte for byte", async () => {
    const { patch } = trial();
    assert(patch !== null, "after/ is there, but no patch came");
    const root = join(home, "app");
    const stateFolder = join(home, "state");
    writeTree(root, fixture.before);

    const applied = await applyPatch(root, patch, { stateFolder });
    assert(applied.kind === "applied", JSON.stringify(applied));
    expect(readTree(root)).toEqual(patchedTree(fixture, patch));

    expect(await undoPatch(root, applied.record, { stateFolder })).toMatchObject({ kind: "undone" });
    expect(readTree(root)).toEqual(fixture.before);
  });
}

function patchedTree({ before }: Fixture, patch: Patch): Record<string, string> {
  const touched = new Set(patch.files.map(({ path }) => path));
  const kept = Object.entries(before).filter(([path]) => !touched.has(path));
  return Object.fromEntries([
    ...kept,
    ...patch.files.flatMap(({ path, after }) => (after === null ? [] : [[path, after]])),
  ]);
}

/** The files as they are behind the patch; a removed one has the text of a removal. */
function changed(patch: Patch): Record<string, string> {
  return Object.fromEntries(
    patch.files.map(({ path, after }) => (after === null ? [`${path}.removed`, ""] : [path, after])),
  );
}

function places(list: readonly (Finding | { rule: string; file: string; line: number })[]): string[] {
  return list.map(({ rule, file, line }) => `${file}:${line} ${rule}`).sort();
}
