/** Everything that a workload's manifest leaves out, in the order in which it is said. */
import type { Model } from "../../../analyzers/model.ts";
import { backingGaps } from "./backing.ts";
import type { Case, Gap } from "./case.ts";
import { copyGaps } from "./copies.ts";
import { probeGaps } from "./probes.ts";
import { resourceGaps } from "./resources.ts";
import { securityGaps } from "./security.ts";

export function gapsOf(each: Case): Gap[] {
  return [probeGaps, resourceGaps, tagGaps, copyGaps, securityGaps, backingGaps].flatMap((find) => find(each));
}

function tagGaps({ own, model }: Case): Gap[] {
  const named = imagesNamedElsewhere(model);
  if (!own.some(({ image }) => isFloating(image, named))) return [];
  return [
    {
      what: "a fixed image tag",
      isGrave: true,
      why: "With a moving tag nobody knows which version runs, and a rollback gets the same one again.",
      mend: { cannot: "the pipeline has to write the version that it built into the manifest" },
    },
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
