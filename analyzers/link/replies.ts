/** Which functions answer through a parameter of a function around them: `res.status(200).json()`, `ctx.body = user`. */
import type { Value } from "../summary.ts";
import type { FileNode, FnNode } from "./program.ts";

/** What comes in is read with the same words as what goes out is written with. */
export const REQUESTS = /^_?req(uest)?$/i;
const REPLIES = new Set([
  "json",
  "send",
  "end",
  "status",
  "code",
  "text",
  "html",
  "body",
  "newResponse",
  "notFound",
  "throw",
  "redirect",
  "render",
  "sendStatus",
  "sendFile",
  "write",
  "resolve",
  "reject",
]);
/** An assignment that is the answer in Koa: `ctx.body = user`, `ctx.status = 404`. */
const ASSIGNED = new Set(["body", "status"]);

/** By function and parameter, each as its number in the file. */
type Repliers = ReadonlyMap<string, readonly FnNode[]>;

const known = new WeakMap<FileNode, Repliers>();

/** The functions that answer through the holder's parameter. */
export function repliersOf(holder: FnNode, index: number): readonly FnNode[] {
  const found = known.get(holder.file) ?? repliersIn(holder.file);
  known.set(holder.file, found);
  return found.get(`${holder.index} ${index}`) ?? [];
}

function repliersIn(file: FileNode): Repliers {
  const found = new Map<string, FnNode[]>();
  const note = (root: Value, fn: FnNode | undefined): void => {
    if (root.kind !== "param" || fn === undefined) return;
    const key = `${root.fn} ${root.index}`;
    const others = found.get(key);
    if (others === undefined) found.set(key, [fn]);
    else others.push(fn);
  };
  for (const call of file.calls) if (isReply(call.fact.callee)) note(rootOf(call.fact.callee), call.fn);
  for (const { fn, target } of file.summary.writes) {
    if (target.kind !== "member" || !ASSIGNED.has(target.property)) continue;
    const { object } = target;
    note(object.kind === "member" && object.property === "response" ? object.object : object, file.fns[fn]);
  }
  return found;
}

function isReply(callee: Value): boolean {
  if (callee.kind !== "member" || !REPLIES.has(callee.property)) return false;
  return callee.object.kind !== "member" || !REQUESTS.test(callee.object.property);
}

function rootOf(value: Value): Value {
  let root = value;
  while (root.kind === "member") root = root.object;
  return root;
}
