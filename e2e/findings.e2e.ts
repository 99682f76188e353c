/** What is found in the sample app, against the list of what was put into it: no miss, nothing else, no decoy. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { components } from "../components/registry.ts";
import { Assessment } from "../report/answers/assessment.ts";
import { shoreup } from "./command.ts";

const apps = join(import.meta.dirname, "apps");
const Place = z.object({ file: z.string().nullable(), line: z.int().nullable() });
const Expected = z.object({
  faults: z.array(
    Place.extend({ rule: z.string(), also: z.array(Place).default([]), optional: z.boolean().default(false) }),
  ),
  decoys: z.array(Place.extend({ rule: z.string() })),
});

const known = new Set(components.flatMap(({ rules }) => rules.map(({ id }) => id)));
const expected = Expected.parse(JSON.parse(readFileSync(join(apps, "ticket-shop.expected.json"), "utf8")));
const faults = expected.faults.filter(({ rule }) => known.has(rule));
let findings: Assessment["findings"];

beforeAll(async () => {
  const { stdout } = await shoreup(["assess", join(apps, "ticket-shop"), "--json"]);
  findings = Assessment.parse(JSON.parse(stdout)).findings;
});

type Fault = (typeof faults)[number];
type Found = Assessment["findings"][number];

/** An absence (`file: null`) may be reported anywhere; other places may be named first or beside. */
function matches(fault: Fault, found: Found): boolean {
  if (found.rule !== fault.rule) return false;
  if (fault.file === null) return true;
  const places = [fault, ...fault.also];
  return [found, ...found.also].some((at) =>
    places.some(({ file, line }) => file === at.file && (line === null || line === at.line)),
  );
}

describe("the sample app", () => {
  it("has faults for every component", () => {
    for (const { id } of components) expect(faults.some(({ rule }) => rule.startsWith(`${id}/`))).toBe(true);
  });

  it("loses none of its faults", () => {
    const missed = faults.filter((fault) => !fault.optional && !findings.some((found) => matches(fault, found)));
    expect(missed).toEqual([]);
  });

  it("is told nothing that is not so", () => {
    expect(findings.filter((found) => !faults.some((fault) => matches(fault, found)))).toEqual([]);
  });

  it("keeps its decoys quiet", () => {
    const hits = expected.decoys.filter((decoy) =>
      findings.some(({ rule, file, line }) => rule === decoy.rule && file === decoy.file && line === decoy.line),
    );
    expect(hits).toEqual([]);
  });
});
