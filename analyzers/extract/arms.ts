/** Branches: which calls exclude each other, and which end the function before those that follow. */
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
  const leaves = "last" in arm ? leavesFunction(arm.last) : leavesFunction(arm);
  arms.push({ fn: walk.frame.id, whole: walk.source.span(statement), span: walk.source.span(arm), leaves });
}

/** Whether nothing behind the statement runs after it. A `break` only ends its own loop or `switch`, a `continue` this round. */
function leavesFunction(node: Statement): boolean {
  switch (node.type) {
    case "ReturnStatement":
    case "ThrowStatement":
    case "ContinueStatement":
      return true;
    case "BlockStatement": {
      let last: Statement | null = null;
      for (const statement of node.body) last = statement;
      return last !== null && leavesFunction(last);
    }
    case "IfStatement":
      return node.alternate !== null && leavesFunction(node.consequent) && leavesFunction(node.alternate);
    default:
      return false;
  }
}
