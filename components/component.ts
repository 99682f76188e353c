/** The contract of a component: what we know of one part of a production architecture, in one value. */
import type { Model, Place } from "../analyzers/model.ts";
import type { Brief, Edit, EnvVar, Review } from "../patches/edit.ts";
import type { Experiment } from "../verify/experiment.ts";
import type { Finding, Match, Severity } from "./finding.ts";

export interface Rule {
  /** `component/what-is-wrong`, kebab-case. */
  id: string;
  /** What is wrong, as a sentence fragment without a full stop: "Mail is sent while the user waits". */
  title: string;
  severity: Severity;
  /** What to do about it, one sentence. */
  advice: string;
}

/** Whether the app has the component already: at work, only lying there, or not at all. */
export interface Presence {
  status: "in_effect" | "present" | "absent";
  evidence: (Place & { note: string })[];
}

export interface Verdict {
  verdict: "add_now" | "not_yet" | "in_place" | "not_applicable" | "unknown";
  reason: string;
  /** For `not_yet`: the number that flips it and where to see that number. */
  tripWire: string | null;
}

/** What a recipe asks for. */
export interface Draft {
  edits: Edit[];
  briefs: Brief[];
  /** Ids of the findings that the edits make go away. */
  fixes: string[];
  review: Review;
  services: string[];
  env: EnvVar[];
  notes: string[];
}

/** What every component says of the tree as it is: also what is only plausible, and what its authors live with. */
export type Everything = () => readonly Finding[];

/** Reads one of the component's own template files by name. */
export type Templates = (name: string) => string;

export interface Component {
  id: string;
  title: string;
  /** Absolute path of the component's folder: guide, templates, fixtures. */
  folder: string;
  rules: readonly Rule[];
  /**
   * Whether its rules and verdicts were judged on Python, too, or some rules only, so that silence says nothing. Without it
   * the component sees the app without its Python.
   */
  judgesPython?: "whole" | "part";
  /** Its notes alone call for no new part: what they name is mended where it stands. */
  notesAreAsides?: true;
  /** Infrastructure the recipe may bring in. */
  services: readonly string[];
  presence(model: Model): Presence;
  detect(model: Model): Match[];
  /** Verdict where nothing was found and nothing is there: `not_yet` with its trip-wire, or `not_applicable` with the reason. */
  whenQuiet(model: Model): Verdict;
  /** Pure: no file system, no clock, no randomness. Absent for components that only advise. */
  recipe?(findings: readonly Finding[], model: Model, templates: Templates, everything: Everything): Draft;
  experiments: readonly Experiment[];
}

export function defineComponent(component: Component): Component {
  return component;
}
