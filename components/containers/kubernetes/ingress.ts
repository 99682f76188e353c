/** Ingresses that rely on ingress-nginx, whose last release has been made. */
import { manifestsOf } from "../../../analyzers/deployment/manifests.ts";
import type { Model } from "../../../analyzers/model.ts";
import { record } from "../../../analyzers/services/container-files.ts";
import type { Match } from "../../finding.ts";
import { match } from "../match.ts";

/** One finding for all of them: it is one decision. */
export function ingressMatches(model: Model): Match[] {
  if (!model.deploy.some(({ target }) => target === "kubernetes")) return [];
  const found = manifestsOf(model.repo).flatMap(({ kind, body, spec, file, line }) => {
    const annotations = record(record(body["metadata"])["annotations"]);
    // F5's controller goes by the same class, and has other annotations.
    const isCertain = Object.keys(annotations).some((key) => key.startsWith("nginx.ingress.kubernetes.io/"));
    const name = spec["ingressClassName"] ?? annotations["kubernetes.io/ingress.class"];
    return kind === "Ingress" && (isCertain || name === "nginx") ? [{ file, line, isCertain }] : [];
  });
  const [first, ...others] = found.toSorted((a, b) => Number(b.isCertain) - Number(a.isCertain));
  if (first === undefined) return [];
  return [
    match("k8s-manifest-gap", first, {
      title: "The way in relies on ingress-nginx, which gets no more fixes",
      confidence: first.isCertain ? "medium" : "low",
      message:
        "ingress-nginx was retired in March 2026: the next hole that is found in the door that everybody comes through stays open.",
      anchor: "ingress-nginx",
      also: others.map(({ file, line }) => ({ file, line })),
    }),
  ];
}
