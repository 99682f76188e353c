/** What all findings about a schedule share. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import type { Schedule } from "./schedules.ts";

export function placeOf({ call, ways }: Schedule): Pick<Match, "file" | "line" | "call" | "routes" | "path" | "fix"> {
  return { file: call.file, line: call.line, call: call.id, routes: [], path: ways[0]?.path ?? [], fix: "brief" };
}

export function anchorOf({ use, fns }: Schedule, model: Model): string {
  const names = fns.flatMap((id) => model.fn(id)?.name ?? []);
  return `${use.api} ${names.join(" ")}`.trim();
}
