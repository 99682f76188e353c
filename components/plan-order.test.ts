/** In which order components have their turns, and which findings wait for a second one. */
import { expect, it } from "vitest";
import { inPlanOrder } from "./plan-order.ts";

it("gives a component its late rules behind all others, and everything else at its first turn", () => {
  const turns = inPlanOrder(["containers", "zoo", "load-balancer"].map((id) => ({ id })));
  const rules = ["load-balancer/in-memory-session", "load-balancer/single-instance"];
  expect(turns.map(({ component, isDue }) => [component.id, ...rules.filter(isDue)])).toEqual([
    ["load-balancer", "load-balancer/in-memory-session"],
    ["containers", "load-balancer/in-memory-session"],
    ["load-balancer", "load-balancer/single-instance"],
    ["zoo", ...rules],
  ]);
});
