/** What lives as long as the server: options, handles, runs. */
import type { Patch } from "../patches/edit.ts";
import type { Plan } from "../components/plan.ts";
import { openHandles, type Handles } from "./handles.ts";
import { openRuns, type Runs } from "./runs.ts";

export interface ServerOptions {
  /** Paths are confined to this folder, and relative ones start here. Null: any absolute path. */
  root: string | null;
  /** No tool that writes to the user's tree or runs their code is offered. */
  readOnly: boolean;
  /** Only these tools are offered; null means all. */
  tools: readonly string[] | null;
}

export interface PlannedRepo {
  root: string;
  plan: Plan;
}

export interface MadePatch {
  root: string;
  patch: Patch;
  plan: Plan;
}

export interface Session {
  options: ServerOptions;
  plans: Handles<PlannedRepo>;
  patches: Handles<MadePatch>;
  runs: Runs;
}

export function openSession(options: ServerOptions): Session {
  return {
    options,
    plans: openHandles("plan", "plan_hardening"),
    patches: openHandles("patch", "generate_patch"),
    runs: openRuns(),
  };
}
