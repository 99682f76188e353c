/** Branches: which calls exclude each other, and which end the function before those that follow. */
import type { Arm } from "../summary.ts";
import type { Ranged } from "./tree.ts";
import type { Statement } from "./tree-statements.ts";
import type { Walk } from "./walk.ts";

/** The statements of one arm of a `switch`, by their last one. */
interface Case extends Ranged {
  readonly last: Statement;
}

/** Walks one arm of a statement, and notes it when calls stand in it. */
export function inArm(walk: Walk, statement: Ranged, arm: Statement | Case, body: () => void): void {
  const { arms, calls } = walk.summary;
  const before = calls.length;
  body();
  if (calls.length === before) return;
  const ends = "last" in arm ? endOf(arm.last) : endOf(arm);
  const whole = walk.source.span(statement);
  arms.push({
    fn: walk.frame.id,
    whole,
    span: walk.source.span(arm),
    ends: "last" in arm && ends === "break" ? null : ends,
  });
}

/** By what a statement keeps those behind it from running; null when it does not always. */
function endOf(node: Statement): Arm["ends"] {
  switch (node.type) {
    case "ReturnStatement":
      return "return";
    case "ThrowStatement":
      return "throw";
    case "ContinueStatement":
      return "continue";
    case "BreakStatement":
      return "break";
    case "BlockStatement": {
      let last: Statement | null = null;
      for (const statement of node.body) last = statement;
      return last === null ? null : endOf(last);
    }
    case "IfStatement": {
      const other = node.alternate === null ? null : endOf(node.alternate);
      return other === null ? null : endOf(node.consequent);
    }
    default:
      return null;
  }
}
