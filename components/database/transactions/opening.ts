/** What begins the transaction where it is written: the client of the queries there, or the one that called functions use. */
import { posix } from "node:path";
import type { Fn } from "../../../analyzers/model.ts";
import type { Edit } from "../../../patches/edit.ts";
import { exportDeclaration } from "../../../patches/editors/exports.ts";
import { bindingsOf } from "../../../patches/editors/import-declarations.ts";
import { importOf, type Export } from "../../../patches/editors/import-of.ts";
import { freeName, type ImportWish } from "../../../patches/editors/imports.ts";
import type { Source } from "../../../patches/editors/source.ts";
import type { Joined, Obstacle, Opening } from "./client.ts";
import type { Callee } from "./callees.ts";

const outOfReach = { obstacle: "the client that begins a transaction is not at hand where the functions are called" };

export function openingFor(
  source: Source,
  holder: Fn | null,
  joined: Joined | null,
  callees: readonly Callee[],
): Opening | Obstacle {
  if (joined !== null) return joined.opening(source, joined.root);
  const [first] = callees;
  if (first === undefined) return { obstacle: "no query could be read" };
  const { root } = first.joined;
  if (root === null) return first.joined.opening(source, null);
  const isOwn = first.source.file === source.file;
  if (root.startsWith("this.")) {
    const isSameObject = isOwn && holder?.class != null && holder.class === first.fn.class;
    return isSameObject ? first.joined.opening(source, root) : outOfReach;
  }
  if (isOwn) return first.joined.opening(source, root);
  const brought = broughtTo(source, first.source, root);
  if (brought === null) return outOfReach;
  const opening = first.joined.opening(source, brought.name);
  if ("obstacle" in opening) return opening;
  return {
    ...opening,
    wishes: [...opening.wishes, ...brought.wishes],
    files: [...opening.files, ...brought.edits],
  };
}

interface Brought {
  name: string;
  wishes: readonly ImportWish[];
  edits: readonly Edit[];
}

/** The client as the other file has it: imported from where that file imports it, or exported by that file. */
function broughtTo(source: Source, from: Source, root: string): Brought | null {
  const [head = "", ...rest] = root.split(".");
  const binding = bindingsOf(from).find(({ local, typeOnly }) => local === head && !typeOnly);
  const named = (name: string): string => [name, ...rest].join(".");
  if (binding === undefined) {
    const exported = exportDeclaration(from, head);
    if (exported === null) return null;
    const own: Export = { file: from.file, exported: exported.as, local: head };
    const { name, wish } = importOf(source, own);
    return { name: named(name), wishes: wish === null ? [] : [wish], edits: exported.edits };
  }
  const specifier = seenFrom(source.file, from.file, binding.from);
  const known = bindingsOf(source).find((each) => each.from === specifier && each.imported === binding.imported);
  if (known !== undefined) return { name: named(known.local), wishes: [], edits: [] };
  const name = freeName(source, head);
  return { name: named(name), wishes: [wishFor(specifier, binding.imported, name)], edits: [] };
}

function wishFor(from: string, imported: string, name: string): ImportWish {
  if (imported === "default") return { from, default: name };
  if (imported === "*") return { from, namespace: name };
  return { from, names: [imported === name ? name : { name: imported, as: name }] };
}

/** The same module as another file asks for it. */
function seenFrom(file: string, other: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  const path = posix.relative(posix.dirname(file), posix.join(posix.dirname(other), specifier));
  return path.startsWith(".") ? path : `./${path}`;
}
