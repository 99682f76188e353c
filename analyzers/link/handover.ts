/** Work handed to the platform, which keeps the process until it is done though the answer is out: `after(fn)`, `waitUntil(promise)`. */
import { behindName, type CallNode, type FileNode } from "./program.ts";
import type { Linked } from "./rounds.ts";
import { NONE } from "./token.ts";

/** Functions that take such work. As a method, `waitUntil` is known by its name: the platform hands its object in. */
const TAKING = new Set([
  "next/server:after",
  "next/server:unstable_after",
  "@vercel/functions:waitUntil",
  "cloudflare:workers:waitUntil",
]);

const byFile = new WeakMap<FileNode, ReadonlySet<CallNode>>();

/** Whether the call, or the promise it gives, is handed to the platform where it stands. */
export function isHandedOver(linked: Linked, call: CallNode): boolean {
  const known = byFile.get(call.file) ?? collect(linked, call.file);
  byFile.set(call.file, known);
  return known.has(call);
}

/** Whether the call itself is the handing over. */
export function takesOver(linked: Linked, call: CallNode): boolean {
  const { callee } = call.fact;
  if (callee.kind === "member" && callee.property === "waitUntil") return true;
  return (linked.callees[call.uid] ?? NONE).some((token) => token.kind === "external" && TAKING.has(token.api));
}

function collect(linked: Linked, file: FileNode): Set<CallNode> {
  const found = new Set<CallNode>();
  const takers = file.calls.filter((call) => call !== undefined && takesOver(linked, call));
  if (takers.length === 0) return found;
  for (const taker of takers) {
    for (const call of file.calls) if (call !== undefined && call !== taker && isInside(call, taker)) found.add(call);
    for (const arg of taker.fact.args) {
      const value = behindName(file, arg);
      const made = value.kind === "call" ? file.calls[value.call] : undefined;
      if (made !== undefined) found.add(made);
    }
  }
  return found;
}

/** In the arguments themselves, not in a function among them: that one is handed over whole. */
function isInside(call: CallNode, taker: CallNode): boolean {
  const { span } = taker.fact;
  return call.fn === taker.fn && span.start < call.fact.span.start && call.fact.span.end <= span.end;
}
