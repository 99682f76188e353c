/** Words that several findings share. */
import type { Model, Reach } from "../../analyzers/model.ts";
import { whoIn } from "../evidence.ts";

/** `POST /checkout (and 2 more)`. */
export function routesIn(ways: readonly Reach[]): string {
  return whoIn(ways, "A route");
}

/** `sharp:().toBuffer in uploadAvatar`: what stays the same when lines move. */
export function anchorOf(api: string, fn: string, model: Model): string {
  return `${api} in ${model.fn(fn)?.name ?? "a function"}`;
}
