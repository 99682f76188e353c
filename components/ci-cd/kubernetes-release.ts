/** What the manifests of an app take to be rolled out: an image for each of its own containers, built from a known Dockerfile. */
import { posix } from "node:path";
import { copyOf, shippedImage } from "../../analyzers/deployment/dockerfile.ts";
import { nodeImages, pythonImages } from "../../analyzers/deployment/images.ts";
import { ownContainers, workloadsOf } from "../../analyzers/deployment/kubernetes.ts";
import type { Model } from "../../analyzers/model.ts";

export interface KubernetesRelease {
  /** Host of the registry that the manifests name. */
  registry: string;
  /** Each image once: its name without a version, and how it is built. */
  images: { name: string; dockerfile: string; context: string }[];
  rollouts: { workload: string; container: string; image: string }[];
}

/** Their logins are their clouds' own. */
const cloudRegistries = /amazonaws\.com|gcr\.io|pkg\.dev|azurecr\.io|icr\.io|ocir\.io|localhost|127\.0\.0\.1/;
/** Tools that write the manifests that run. */
const writtenElsewhere = /(^|\/)(kustomization\.ya?ml|Chart\.yaml|helmfile\.ya?ml|skaffold\.ya?ml|Tiltfile)$/;

/** Null where an image's registry, Dockerfile or folder is not certain, or where another tool writes the manifests. */
export function kubernetesRelease(model: Model): KubernetesRelease | null {
  if (model.repo.files.some((file) => writtenElsewhere.test(file))) return null;
  const rollouts = workloadsOf(model.repo).flatMap((workload) =>
    ownContainers(workload).map(({ name, image }) => ({
      workload: `${workload.kind.toLowerCase()}/${workload.name}`,
      container: name,
      image: nameOf(image ?? ""),
    })),
  );
  const names = [...new Set(rollouts.map(({ image }) => image))];
  const images = names.flatMap((name) => builtFrom(name, names.length, model) ?? []);
  const registries = new Set(names.map(registryOf));
  const [registry] = registries;
  const isPlain = rollouts.every((each) => Object.values(each).every((text) => /^[\w./:-]+$/.test(text)));
  if (registry === undefined || registry === null || registries.size > 1 || !isPlain) return null;
  if (images.length < names.length || cloudRegistries.test(registry)) return null;
  return { registry, images, rollouts };
}

/** `ghcr.io/acme/api:1.2@sha256:...` -> `ghcr.io/acme/api`. */
function nameOf(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

/** Null for an image of no registry, which lies on the cluster's own machines. */
function registryOf(name: string): string | null {
  const [first = "", ...rest] = name.split("/");
  if (rest.length === 0) return null;
  return /[.:]/.test(first) ? first : "docker.io";
}

function builtFrom(name: string, count: number, model: Model): KubernetesRelease["images"][number] | null {
  const files = [...new Set([...nodeImages(model), ...pythonImages(model)].map(({ file }) => file))];
  const last = posix.basename(name);
  const named = files.filter((file) => {
    const folder = posix.basename(posix.dirname(file));
    return folder !== "." && (last === folder || last.endsWith(`-${folder}`));
  });
  const [file, ...others] = named.length > 0 ? named : count === 1 ? files : [];
  if (file === undefined || others.length > 0) return null;
  const context = contextOf(file, model);
  return context === null ? null : { name, dockerfile: file, context };
}

/** The folder that a build starts in: its own where what it copies lies there, the root where it lies there. */
function contextOf(file: string, { repo }: Model): string | null {
  const image = shippedImage(repo.read(file) ?? "");
  const steps = [...(image?.stages.values() ?? [])].flat();
  const sources = steps.flatMap((step) => {
    const copy = copyOf(step);
    return copy === null || copy.from !== null ? [] : copy.sources.filter((each) => /^[\w./-]+$/.test(each));
  });
  const isThere = (folder: string): boolean =>
    sources.every((source) => {
      const path = posix.join(folder, source).replace(/\/$/, "");
      return path === "." || repo.files.some((each) => each === path || each.startsWith(`${path}/`));
    });
  return [posix.dirname(file), "."].find(isThere) ?? null;
}
