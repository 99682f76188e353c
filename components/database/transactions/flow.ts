/** Whether control goes through a stretch of statements as it would through a callback: in at the top, out at the bottom. */
import { typescript, type ts } from "../../../patches/editors/typescript.ts";
import { within, type Stretch } from "./stretch.ts";

/** How the stretch ends: it hands its function's answer on, or the function goes on behind it. */
export type Ending = "returns" | "goes on";

/** The ending, or what leaves the stretch on a way that a callback has not. */
export function endingOf(stretch: Stretch): Ending | { obstacle: string } {
  const ts = typescript();
  const nodes = stretch.statements.flatMap((statement) => [...within(statement)]);
  const jumps = nodes.filter((node) => ts.isBreakOrContinueStatement(node) && leaves(node, stretch));
  if (jumps.length > 0) return { obstacle: "the loop around them is left or goes on from between them" };
  if (nodes.some((node) => ts.isYieldExpression(node))) return { obstacle: "the function yields between them" };
  const caught = nodes.some((node) => ts.isTryStatement(node) && holdsAwait(node));
  if (caught)
    return { obstacle: "an error between them is caught on the spot, and a transaction does not go on after an error" };
  const last = stretch.statements.at(-1);
  const returns = nodes.filter((node) => ts.isReturnStatement(node));
  if (last !== undefined && ts.isReturnStatement(last)) return "returns";
  if (returns.length === 0) return "goes on";
  return isBody(stretch)
    ? "returns"
    : { obstacle: "the function may end between them, and code behind them must not run then" };
}

function isBody({ behind, block, fn }: Stretch): boolean {
  return behind.length === 0 && block.parent === fn;
}

/** The loop or switch that it ends stands outside of the stretch. */
function leaves(node: ts.BreakOrContinueStatement, stretch: Stretch): boolean {
  const ts = typescript();
  if (node.label !== undefined) return true;
  for (let at: ts.Node = node.parent; at !== stretch.block; at = at.parent) {
    if (ts.isIterationStatement(at, false)) return false;
    if (ts.isSwitchStatement(at) && ts.isBreakStatement(node)) return false;
  }
  return true;
}

function holdsAwait(node: ts.TryStatement): boolean {
  return (
    node.catchClause !== undefined && [...within(node.tryBlock)].some((each) => typescript().isAwaitExpression(each))
  );
}

/** Offsets at which the stretch itself throws. */
export function throwsIn({ statements }: Stretch): number[] {
  return statements
    .flatMap((statement) => [...within(statement)])
    .flatMap((node) => (typescript().isThrowStatement(node) ? [node.pos] : []));
}
