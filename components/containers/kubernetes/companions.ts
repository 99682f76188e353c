/** The text of the manifests that stand beside a workload's: a disruption budget and an autoscaler. */
import { type Document, parseDocument } from "yaml";
import type { Manifest } from "../../../analyzers/deployment/manifests.ts";
import { record } from "../../../analyzers/services/container-files.ts";
import type { Edit } from "../../../patches/edit.ts";
import { habitsOf } from "../../../patches/editors/yaml-places.ts";
import type { Templates } from "../../component.ts";
import { besideManifest } from "./beside.ts";
import type { Case, Change, Gap } from "./case.ts";

const words = { "budget.yaml": "pdb", "scaler.yaml": "hpa" } as const;

export function companionsOf({ workload, model }: Case, gaps: readonly Gap[], templates: Templates): Edit[] {
  const wanted = gaps
    .flatMap(({ mend }) => ("changes" in mend ? mend.changes : []))
    .flatMap((change) => (change.in === "beside" ? [change] : []));
  return workload.manifests.flatMap((manifest) =>
    wanted.flatMap((change) => {
      const there = model.repo.read(manifest.file) ?? "";
      const text = textOf(change, manifest, templates(change.template), there);
      return besideManifest(manifest, words[change.template], text, model.repo);
    }),
  );
}

function textOf(
  { template, copies }: Extract<Change, { in: "beside" }>,
  manifest: Manifest,
  text: string,
  there: string,
): string {
  const document = parseDocument(text);
  document.set("metadata", document.createNode(metadataLike(manifest)));
  if (template === "budget.yaml") {
    document.setIn(["spec", "selector", "matchLabels"], record(record(manifest.spec["selector"])["matchLabels"]));
  } else {
    document.setIn(["spec", "scaleTargetRef", "name"], manifest.name);
    document.setIn(["spec", "minReplicas"], copies);
    document.setIn(["spec", "maxReplicas"], copies * 2);
  }
  return printed(document, there);
}

/** Name, namespace and labels of the workload that it belongs to. */
function metadataLike({ name, body }: Manifest): Record<string, unknown> {
  const { namespace, labels } = record(body["metadata"]);
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
  };
}

/** In the habits of the file that it stands beside. */
export function printed(document: Document, there: string): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: true, ...habitsOf(there) });
}
