/** What every way of limiting a service's routes is given, and what it hands back. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit, EnvVar } from "../../patches/edit.ts";
import type { Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import type { OpenRoute } from "./detect.ts";
import { limitBrief, type Outcome } from "./outcome.ts";

/** An open route, and the finding that speaks of it. */
export interface Wanted {
  finding: Finding;
  open: OpenRoute;
}

export interface Work {
  outcomes: Outcome[];
  edits: Edit[];
  notes: string[];
  env: EnvVar[];
}

/** Limits routes of one service that are all limited in the same way. */
export type Limit = (service: Service, wanted: readonly Wanted[], model: Model, templates: Templates) => Work;

/** Nothing is done, for one reason. */
export function refused(wanted: readonly Wanted[], why: string, known: readonly string[] = []): Work {
  const outcomes = wanted.map(({ finding }) => ({ finding, brief: limitBrief(why, known) }));
  return { outcomes, edits: [], notes: [], env: [] };
}

/** Leaves out what belongs to a finding that could not be done as a whole. */
export function wholeFindings(wanted: readonly Wanted[], run: (wanted: readonly Wanted[]) => Work): Work {
  const first = run(wanted);
  const failed = first.outcomes.filter(({ brief }) => brief !== null);
  const ids = new Set(failed.map(({ finding }) => finding.id));
  const rest = wanted.filter(({ finding }) => !ids.has(finding.id));
  if (failed.length === 0) return first;
  const again = rest.length === 0 ? { outcomes: [], edits: [], notes: [], env: [] } : run(rest);
  return { ...again, outcomes: [...failed, ...again.outcomes] };
}
