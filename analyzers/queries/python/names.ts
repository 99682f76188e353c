/** What a query of Python is about: the class of its rows, as the code names it. */
import { indexIn } from "../../ids.ts";
import type { CallSite, Model } from "../../model.ts";
import type { Value } from "../../summary.ts";

/** `Order`, `models.Order`, `Order.id`; null for what begins with no capital. */
export function classNamed(value: Value | undefined): string | null {
  if (value?.kind === "name" || value?.kind === "imported") return capital(value.name);
  return value?.kind === "member" ? (capital(value.property) ?? classNamed(value.object)) : null;
}

function capital(name: string): string | null {
  return /^[A-Z]/.test(name) ? name : null;
}

/** What a call is made on: `Order.objects` of `Order.objects.filter()`; null where it is made on nothing. */
export function holderOf(model: Model, call: CallSite): Value | null {
  const callee = model.summary(call.file)?.calls[indexIn(call.id)]?.callee;
  return callee?.kind === "member" ? callee.object : null;
}

/** The class of an object that is made where it stands or under a name: `Order(...)`. */
export function classMade(model: Model, file: string, value: Value | undefined): string | null {
  const summary = model.summary(file);
  if (value?.kind === "call") return classNamed(summary?.calls[value.call]?.callee);
  if (value?.kind !== "name") return null;
  const bound = summary?.functions[value.fn]?.bindings[value.name] ?? [];
  return bound.flatMap((each) => (each.kind === "call" ? (classMade(model, file, each) ?? []) : []))[0] ?? null;
}
