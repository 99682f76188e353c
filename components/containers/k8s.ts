/** What the app's workloads on Kubernetes leave out that the cluster needs to run them well: one finding per workload. */
import { ownContainers, workloadsOf, type Container, type Workload } from "../../analyzers/deployment/kubernetes.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";

export function manifestMatches(model: Model): Match[] {
  if (!model.deploy.some(({ target }) => target === "kubernetes")) return [];
  const named = imagesNamedElsewhere(model);
  return workloadsOf(model.repo).flatMap((workload) => {
    const own = ownContainers(workload);
    const gaps = own.length === 0 ? [] : gapsOf(workload, own, named);
    if (gaps.length === 0) return [];
    return [
      match("k8s-manifest-gap", workload, {
        title: `${workload.kind} ${workload.name} leaves out ${listed(gaps.map(({ what }) => what))}`,
        confidence: gaps.some(({ isGrave }) => isGrave) ? "high" : "low",
        message: gaps.map(({ why }) => why).join(" "),
        anchor: `${workload.kind} ${workload.name}`,
      }),
    ];
  });
}

interface Gap {
  what: string;
  why: string;
  /** Something breaks without it; the others are only good custom. */
  isGrave: boolean;
}

function gapsOf(workload: Workload, containers: readonly Container[], named: ReadonlySet<string>): Gap[] {
  const any = (lacks: (container: Container) => boolean): boolean => containers.some(lacks);
  const main = containers.filter(({ ports }) => ports);
  const gap = (is: boolean, what: string, isGrave: boolean, why: string): Gap[] => (is ? [{ what, why, isGrave }] : []);
  return [
    ...gap(
      main.length > 0 && main.every(({ readiness }) => readiness === null),
      "a readiness probe",
      true,
      "Without a readiness probe users are sent to pods that are still starting or cannot answer.",
    ),
    ...gap(
      main.length > 0 && main.every(({ liveness }) => liveness === null),
      "a liveness probe",
      false,
      "Without a liveness probe a pod that hangs is never restarted.",
    ),
    ...gap(
      any(({ requests }) => !requests),
      "resource requests",
      true,
      "Without requests the scheduler piles pods on one node until it chokes.",
    ),
    ...gap(
      any(({ limits }) => !limits),
      "resource limits",
      false,
      "Without a memory limit one leak takes its neighbours down.",
    ),
    ...gap(
      any(({ image }) => isFloating(image, named)),
      "a fixed image tag",
      true,
      "With a moving tag nobody knows which version runs, and a rollback gets the same one again.",
    ),
    ...gap(
      workload.kind === "Deployment" && !workload.hasReasonForReplicas && workload.replicas === null && main.length > 0,
      "a second replica",
      false,
      "With one replica every restart is an outage.",
    ),
    ...gap(
      !workload.secured && any(({ secured }) => !secured),
      "a security context",
      false,
      "Without a security context the container may run as root.",
    ),
  ];
}

/** `latest`, or no tag at all. A bare name (`api`) is one that a tool fills in, so it says nothing. */
function isFloating(image: string | null, named: ReadonlySet<string>): boolean {
  if (image === null || named.has(image.replace(/:latest$/, ""))) return false;
  return /^[^\s$]+:latest$/.test(image) || /^[\w.-]+\/[\w./-]+$/.test(image);
}

/** Images whose tag kustomize or skaffold writes when the manifest is applied. */
function imagesNamedElsewhere({ repo }: Model): Set<string> {
  const files = repo.files.filter((file) => /(^|\/)(kustomization|skaffold)[\w.-]*\.ya?ml$/.test(file));
  return new Set(
    files.flatMap((file) =>
      [...(repo.read(file) ?? "").matchAll(/\b(?:name|image|newName):\s*["']?([\w./-]+)/g)].map(
        ([, name = ""]) => name,
      ),
    ),
  );
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
