/** Loops that only add up. */
import { describe, expect, it } from "vitest";
import { isLoopSum } from "./sums.ts";

describe("isLoopSum", () => {
  it.each<[after: string, expected: boolean]>([
    [".forEach((order) => { total += order.cents; });", true],
    ["?.forEach((order) => (total += order.cents));", true],
    [".forEach(({ kind }) => {\n  byKind[kind] = (byKind[kind] || 0) + 1;\n});", true],
    [") total += order.cents;", true],
    [") {\n  if (order.paid) {\n    paid++;\n  } else {\n    open++;\n  }\n}", true],
    [") {\n  const cents = order.cents - order.fee;\n  total += cents;\n}", true],
    [") {\n  total += order.cents;\n  rows.push(order);\n}", false],
    [") {\n  await send(order);\n  sent++;\n}", false],
    [") {\n  csv += `${order.id}\\n`;\n}", false],
    [") {\n  total += Number(order.cents);\n}", true],
    [") {\n  const cents = inEuro(order);\n  total += cents;\n}", false],
    [".forEach(print);", false],
    [".forEach((order) => {});", false],
  ])("%s", (after, expected) => {
    expect(isLoopSum(after)).toBe(expected);
  });
});
