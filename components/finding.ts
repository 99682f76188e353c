/** What a component's `detect` says, and what the engine makes of it. */
import type { PathStep, Place } from "../analyzers/model.ts";

export type Severity = "error" | "warning" | "note";
export type Confidence = "high" | "medium" | "low";

/** A detector's word, before it has an identity. */
export interface Match extends Place {
  rule: string;
  /** What is wrong here, where the rule's title is too general or speaks of something else. */
  title?: string;
  /** How much it weighs here, where the rule's own severity would say too much. */
  severity?: Severity;
  confidence: Confidence;
  /** What happens here and what it does to the users, in one or two sentences. No advice: that is the rule's. */
  message: string;
  also: Place[];
  /** `POST /checkout`, for findings on a request path. */
  routes: string[];
  /** From the route to the sink, empty for absences. */
  path: PathStep[];
  /** The call the finding is about (`CallSite.id`), null for absences and files without a model. */
  call: string | null;
  /** What stays the same when lines move and files are renamed: function and api names, never line numbers. */
  anchor: string;
  fix: "patch" | "brief" | "none";
  /** A rule of another component that, where it speaks of the same call, says all that this one does. */
  saidBy?: string;
}

export interface Finding extends Match {
  /** Short, unique within one assessment: `F1`, `F2`, ... in order of rank. */
  id: string;
  component: string;
  severity: Severity;
  title: string;
  fingerprint: string;
}
