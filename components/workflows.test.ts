/** Generated workflows are taken by GitHub's own parser, and are as safe as a careful maintainer would write them. */
import { describe, expect, it } from "vitest";
import { components } from "./registry.ts";
import { fixturesOf } from "./testing/fixture.ts";
import { workflowFaults } from "./testing/workflow-faults.ts";

const cases = components.flatMap((component) =>
  fixturesOf(component).flatMap(({ name, before, after }) =>
    Object.entries(after ?? {})
      .filter(([file]) => /^\.github\/workflows\/.+\.ya?ml$/.test(file))
      .map(([file, text]) => ({ name: `${component.id}/${name} ${file}`, was: before[file] ?? null, text })),
  ),
);

describe("workflows that recipes write", () => {
  it("are there to be checked", () => {
    expect(cases.filter(({ was }) => was === null).length).toBeGreaterThan(0);
  });

  it.each(cases)("$name brings no fault", async ({ was, text }) => {
    const known = was === null ? [] : await workflowFaults(was);
    expect((await workflowFaults(text)).filter((fault) => !known.includes(fault))).toEqual([]);
  });
});

const sound = `name: CI
on: push
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
      - run: npm ci
        env:
          TOKEN: \${{ secrets.TOKEN }}
`;

describe("the check of workflows", () => {
  it("takes a sound one", async () => {
    expect(await workflowFaults(sound)).toEqual([]);
  });

  it.each([
    ["an unknown key", "runs-on: ubuntu-latest", "runs-at: ubuntu-latest", /Unexpected value|Required property/],
    ["an expression that names nothing", "npm ci", "echo ${{ githob.sha }}", /githob/],
    ["broken YAML", "on: push", "on: [push", /./],
    ["a job that waits for one that is not there", "    runs-on", "    needs: build\n    runs-on", /dependencies/],
    ["an action by its tag", "@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7", /not pinned/],
    ["no permissions", "permissions:\n  contents: read\n", "", /no permissions/],
    ["all permissions", "permissions:\n  contents: read\n", "permissions: write-all\n", /all permissions/],
    ["no time limit", "    timeout-minutes: 5\n", "", /timeout-minutes/],
    ["a secret in a command", "npm ci", "echo ${{ secrets.TOKEN }}", /secret is written/],
    ["a title in a command", "npm ci", "echo ${{ github.event.pull_request.title }}", /from outside/],
    ["a branch's name in a command", "npm ci", "echo ${{ github.head_ref }}", /from outside/],
    ["a condition on a secret", "    runs-on", "    if: ${{ secrets.KEY != '' }}\n    runs-on", /secret/],
  ])("notices %s", async (_name, from, to, fault) => {
    const text = sound.replace(from, to);
    expect(text).not.toBe(sound);
    expect((await workflowFaults(text)).join("\n")).toMatch(fault);
  });
});
