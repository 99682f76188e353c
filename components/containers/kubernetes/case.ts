/** A workload of the app's own with all that decides what may be added to its manifest. */
import { containersIn, ownContainers, workloadsOf } from "../../../analyzers/deployment/kubernetes.ts";
import type { Container, Workload } from "../../../analyzers/deployment/kubernetes.ts";
import { manifestsOf, type Manifest } from "../../../analyzers/deployment/manifests.ts";
import type { Model } from "../../../analyzers/model.ts";
import type { Json } from "../../../patches/edit.ts";
import { runOf, type Run } from "./runs.ts";

export interface Case {
  workload: Workload;
  /** Its containers of the app's own; never empty. */
  own: Container[];
  /** Those that listen. */
  main: Container[];
  run: Run | null;
  /** The container that the run is of, as the first manifest says it. */
  body: Readonly<Record<string, unknown>>;
  /** Services, claims, limits and settings beside it: manifests that may hold for it. */
  beside: readonly Manifest[];
  model: Model;
}

export function casesOf(model: Model): Case[] {
  if (!model.deploy.some(({ target }) => target === "kubernetes")) return [];
  const workloads = workloadsOf(model.repo);
  return workloads.flatMap((workload) => {
    const own = ownContainers(workload);
    if (own.length === 0) return [];
    const [manifest] = workload.manifests;
    const bodies = manifest === undefined ? [] : containersIn(manifest.spec);
    return [
      {
        workload,
        own,
        main: listening(own, workload),
        run: runOf(workload, workloads, model),
        body: bodies.find(({ name }) => name === own[0]?.name) ?? {},
        beside: manifestsOf(model.repo).filter((each) => isBeside(each, manifest)),
        model,
      },
    ];
  });
}

/** Those that name a port; the only one, where a Service sends requests to its pods. */
function listening(own: readonly Container[], { isServed }: Workload): Container[] {
  const named = own.filter(({ ports }) => ports);
  return named.length === 0 && isServed && own.length === 1 ? [...own] : named;
}

function isBeside({ namespace }: Manifest, manifest: Manifest | undefined): boolean {
  return namespace === null || (manifest?.namespace ?? null) === null || namespace === manifest?.namespace;
}

/** Why nothing is added to a workload of which nobody can say what it runs. */
export const unknownRun = "which of the app's services this workload runs could not be told";

/** What a mend changes in a workload's manifests. */
export type Change =
  | { in: "container"; name: string; set: { readonly [key: string]: Json } }
  | { in: "spec"; set: { readonly [key: string]: Json }; drop: readonly string[] }
  /** A manifest of its own beside the workload's. */
  | { in: "beside"; template: "budget.yaml" | "scaler.yaml"; copies: number };

/** Something that a manifest leaves out. */
export interface Gap {
  what: string;
  why: string;
  /** Something breaks without it; the others are only good custom. */
  isGrave: boolean;
  /** The reason where it has to be left to somebody who knows more. */
  mend: { changes: Change[]; notes: string[] } | { cannot: string };
}
