/** SQL text as code puts it together: literals, templates, `+`, `+=`, tagged templates, configuration objects. */
import { indexIn } from "../../ids.ts";
import { beside, type Expr } from "../../flow/expression.ts";
import type { Known, Model } from "../../model.ts";
import type { Value } from "../../summary.ts";
import { behind, entriesOf, stepsBehind } from "../resolve.ts";
import type { Part } from "./tokens.ts";

/** Templates within templates that are opened. */
const MAX_DEPTH = 5;

/** Null when it is not known how the text begins. */
export function partsOf(model: Model, expr: Expr, depth = 0): Part[] | null {
  if (depth > MAX_DEPTH) return null;
  const steps = stepsBehind(model, expr);
  const found = steps.at(-1) ?? expr;
  const { value } = found;
  const added = (): Part[] => steps.flatMap((step) => addedTo(model, step, depth));
  switch (value.kind) {
    case "literal":
      return typeof value.value === "string" ? [value.value, ...added()] : null;
    case "template": {
      const parts = value.parts.flatMap((part) =>
        typeof part === "string" ? [part] : pieceOf(model, beside(found, part), depth),
      );
      return [...parts, ...added()];
    }
    case "object": {
      const entries = entriesOf(model, found)?.entries;
      const text = entries?.get("text") ?? entries?.get("sql");
      return text === undefined ? null : partsOf(model, text, depth + 1);
    }
    case "call":
      return ofTag(model, found, value.call, depth);
    default:
      return null;
  }
}

/** A part of a template: text where it is known to be one, else an expression. */
function pieceOf(model: Model, expr: Expr, depth: number): Part[] {
  const found = behind(model, expr);
  const { kind } = found.value;
  const isText = kind === "template" || (kind === "literal" && typeof found.value.value === "string");
  return (isText ? partsOf(model, expr, depth + 1) : null) ?? [expr];
}

/** SQL`...` */
function ofTag(model: Model, { file, frame }: Expr, call: number, depth: number): Part[] | null {
  const fact = model.summary(file)?.calls[call];
  const [text] = fact?.args ?? [];
  const isTag = text?.kind === "template" && fact?.isNew === false;
  return isTag ? partsOf(model, { file, value: text, frame }, depth + 1) : null;
}

/** What `sql += ...` puts behind the text of a name. */
function addedTo(model: Model, { file, value, frame }: Expr, depth: number): Part[] {
  if (value.kind !== "name") return [];
  const changes = model.summary(file)?.changes ?? [];
  return changes.flatMap(({ target, value: becomes }) => {
    const isOwn = target.kind === "name" && target.name === value.name && target.fn === value.fn;
    if (!isOwn || becomes === undefined) return [];
    const added = becomes.kind === "template" || becomes.kind === "operation" ? partsBehindSelf(becomes, value) : [];
    return added.flatMap((part) =>
      typeof part === "string" ? [part] : pieceOf(model, { file, value: part, frame }, depth + 1),
    );
  });
}

function partsBehindSelf(
  becomes: Extract<Value, { kind: "template" | "operation" }>,
  self: { name: string },
): (string | Value)[] {
  const parts = becomes.kind === "template" ? becomes.parts : becomes.of;
  const [first, ...rest] = parts;
  const isSelf = typeof first === "object" && first.kind === "name" && first.name === self.name;
  return isSelf ? rest : parts;
}

/** Text that only the linker could follow: a constant of another file. */
export function partsOfKnown(known: Known): Part[] | null {
  if (known.kind === "literal") return typeof known.value === "string" ? [known.value] : null;
  if (known.kind === "object")
    return partsOfKnown(known.entries["text"] ?? known.entries["sql"] ?? { kind: "unknown" });
  if (known.kind !== "template") return null;
  const hole: Expr = { file: "", value: { kind: "unknown" }, frame: null };
  return known.parts.map((part) => part ?? hole);
}

/** The argument of a call as an expression in its own file. */
export function argumentOf(
  model: Model,
  call: { id: string; file: string },
  index: number,
  frame: Expr["frame"],
): Expr | null {
  const value = model.summary(call.file)?.calls[indexIn(call.id)]?.args[index];
  return value === undefined ? null : { file: call.file, value, frame };
}
