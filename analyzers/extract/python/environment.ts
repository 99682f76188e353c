/** Reads of environment variables: `os.environ["X"]`, `os.getenv("X", "y")`, and the libraries that read `.env` files. */
import type { Value } from "../../summary.ts";
import { apiOf } from "./names.ts";
import type { Node } from "./tree.ts";
import { either, member, spanOf, type Walk } from "./walk.ts";

/** Functions whose first argument names a variable and whose second, or `default=`, stands in for it. */
const readers = new Set([
  "os.environ.get",
  "os.getenv",
  "os.environ.setdefault",
  "os.environ.pop",
  "decouple.config",
  "environs.Env",
  "dotenv.get_key",
]);
/** How environment reads are written in a summary: as members of this. */
const environment: Value = { kind: "imported", specifier: "node:process", name: "env" };

/** `os.environ["X"]`; null for any other index. */
export function readEnvironment(walk: Walk, object: Value, key: string, place: Node): Value | null {
  return key !== "*" && apiOf(object) === "os.environ" ? note(walk, key, null, place) : null;
}

/** A call that reads a variable; null for any other. */
export function readByCall(walk: Walk, callee: Value, args: readonly Value[], place: Node): Value | null {
  const [name, second] = args;
  if (name?.kind !== "literal" || typeof name.value !== "string" || !readers.has(apiOf(callee) ?? "")) return null;
  const fallback = second?.kind === "object" ? second.entries.find(({ key }) => key === "default")?.value : second;
  return note(walk, name.value, fallback ?? null, place);
}

function note(walk: Walk, name: string, fallback: Value | null, place: Node): Value {
  const written = fallback?.kind === "literal" && typeof fallback.value !== "boolean" ? fallback.value : null;
  walk.summary.env.push({ name, default: written, span: spanOf(walk, place) });
  const read = member(environment, name);
  return fallback === null ? read : either([read, fallback]);
}
