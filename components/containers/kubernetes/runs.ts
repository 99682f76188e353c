/** Which of the app's services a container on Kubernetes runs, and from which image. */
import { posix } from "node:path";
import { composedServices } from "../../../analyzers/deployment/compose.ts";
import { nodeImages, packedService, type ImageFile } from "../../../analyzers/deployment/images.ts";
import { ownContainers, type Workload } from "../../../analyzers/deployment/kubernetes.ts";
import type { Model, Service } from "../../../analyzers/model.ts";
import { parseYaml, record } from "../../../analyzers/services/container-files.ts";

export interface Run {
  service: Service;
  /** Null where the repo does not say how the image is made. */
  image: ImageFile | null;
}

/** What a workload's only container of the app's own runs; null where it has several, or nothing tells. */
export function runOf(workload: Workload, workloads: readonly Workload[], model: Model): Run | null {
  const own = ownContainers(workload);
  const name = own.length === 1 ? bare(own[0]?.image ?? "") : "";
  if (name === "") return null;
  const image = builtAs(name, model) ?? imageNamed(name, model);
  const service = image === null ? serviceNamed(name, model) : packedService(model, image.file, image.image);
  if (service === null) return onlyRun(name, workloads, model);
  const found = image ?? imageIn(service, model);
  // An image of something else beside it: its files served by nginx, say.
  if (service.language === "python" || (found === null && isPacked(service.root, model))) return null;
  return { service, image: found };
}

/** `ghcr.io/acme/shop-api:1.2` -> `ghcr.io/acme/shop-api`. */
function bare(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

/** skaffold and compose name the folder that an image is built from. */
function builtAs(name: string, model: Model): ImageFile | null {
  const images = nodeImages(model);
  const composed = composedServices(model.repo).flatMap(({ block, dockerfile }) =>
    typeof block["image"] === "string" && bare(block["image"]) === name ? (dockerfile ?? []) : [],
  );
  const file = [...skaffolded(name, model), ...composed][0];
  return images.find((each) => each.file === file) ?? null;
}

function skaffolded(name: string, { repo }: Model): string[] {
  return repo.files
    .filter((file) => /^skaffold[\w.-]*\.ya?ml$/.test(posix.basename(file)))
    .flatMap((file) => {
      const { artifacts } = record(record(parseYaml(repo.read(file) ?? ""))["build"]);
      return (Array.isArray(artifacts) ? artifacts : []).flatMap((artifact) => {
        const { image, context = ".", docker } = record(artifact);
        const { dockerfile = "Dockerfile" } = record(docker);
        if (image !== name || typeof context !== "string" || typeof dockerfile !== "string") return [];
        return posix.join(posix.dirname(file), context, dockerfile);
      });
    });
}

/** The image whose folder has the name: `acme/tickets` of `tickets/Dockerfile`. */
function imageNamed(name: string, model: Model): ImageFile | null {
  const found = nodeImages(model).filter(({ file }) => isCalled(name, posix.basename(posix.dirname(file))));
  return found.length === 1 ? (found[0] ?? null) : null;
}

function serviceNamed(name: string, { services }: Model): Service | null {
  const found = services.filter(
    (each) => isCalled(name, each.name.replace(/^@[^/]+\//, "")) || isCalled(name, posix.basename(each.root)),
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The last part of the image's name, with or without the product's name before it. */
function isCalled(image: string, name: string): boolean {
  const last = posix.basename(image);
  return name !== "." && name !== "" && (last === name || (name.length > 2 && last.endsWith(`-${name}`)));
}

function imageIn(service: Service, model: Model): ImageFile | null {
  const found = nodeImages(model).filter(({ file, image }) => packedService(model, file, image) === service);
  return found.length === 1 ? (found[0] ?? null) : null;
}

function isPacked(root: string, { repo }: Model): boolean {
  return repo.files.some(
    (file) => posix.dirname(file) === root && /^(Docker|Container)file/i.test(posix.basename(file)),
  );
}

/** One service, one image and one name in the manifests belong together. */
function onlyRun(name: string, workloads: readonly Workload[], model: Model): Run | null {
  const names = new Set(workloads.flatMap((each) => ownContainers(each).map(({ image }) => bare(image ?? ""))));
  const images = nodeImages(model);
  const started = model.services.filter(({ entry, start }) => entry.length > 0 || start !== null);
  const [service] = started;
  if (service === undefined || started.length > 1 || images.length > 1 || names.size > 1 || !names.has(name))
    return null;
  const [image = null] = images;
  return service.language === "python" || (image === null && isPacked(service.root, model)) ? null : { service, image };
}
