import { expect, it } from "vitest";
import { measureKind, stackMeasures, workloadMeasures } from "./measures.ts";

it.each([
  ["checkout.p95", "ms"],
  ["all.lost", "passes"],
  ["mail.missing", "mails"],
  ["cpuMillisecondsPerRequest", "ms"],
  ["checkout.p96", undefined],
  ["p95", undefined],
  ["", undefined],
])("%s is in %s", (measure, unit) => expect(measureKind(measure)?.unit).toBe(unit));

it("describes every measure once, and names the workload where there is one", () => {
  const kinds = [...workloadMeasures, ...stackMeasures];
  expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
  for (const { label } of workloadMeasures) expect(label).toContain("%");
  for (const { label } of stackMeasures) expect(label).not.toContain("%");
});
