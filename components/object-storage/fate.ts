/** What becomes of a file on the app's own disk, in words and in confidence. */
import { holds, type Disk } from "../../analyzers/deployment/disk.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { severalOf } from "../../analyzers/deployment/replicas.ts";
import type { Confidence } from "../finding.ts";

export function fateOf(model: Model, service: Service | null, disk: Disk | null): string {
  const several = service === null ? null : severalOf(model, service);
  if (disk?.kind === "ephemeral") return `Here ${disk.note}: the next deploy takes them all.`;
  if (several !== null)
    return `There are several processes (${several.note}): on another machine the file is not there.`;
  return "A second instance does not have them, and when the machine is replaced they are gone.";
}

/** A disk that stays keeps files through a deploy; only more instances would miss them. */
export function lowered(disk: Disk, folder: string | null, confidence: Confidence): Confidence {
  if (holds(disk, folder)) return "low";
  return disk.kind === "ephemeral" || confidence !== "high" ? confidence : "medium";
}
