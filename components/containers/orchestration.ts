/** Several images and nothing in the repo that starts them together. */
import { posix } from "node:path";
import { nodeImages } from "../../analyzers/deployment/images.ts";
import type { Model } from "../../analyzers/model.ts";
import { isBesideTheProduct } from "../../analyzers/serving/product.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";

/** Files by which somebody starts several containers at once, whatever the tool. */
const starters =
  /(^|\/)((docker-)?compose[\w.-]*\.ya?ml|[\w.-]*stack[\w.-]*\.ya?ml|skaffold\.ya?ml|Tiltfile|Chart\.yaml|kustomization\.ya?ml|helmfile\.ya?ml|Procfile[\w.]*|devspace\.ya?ml|garden\.ya?ml|[\w.-]+\.nomad(\.hcl)?|[\w.-]+\.tf|Pulumi\.ya?ml|cdk\.json|sst\.config\.ts|copilot\/[\w-]+\/manifest\.yml|[\w.-]*task-?def[\w.-]*\.json|Dockerrun\.aws\.json|deploy\.ya?ml|kamal\.ya?ml|process-compose\.ya?ml|turbo\.json|nx\.json|lerna\.json)$/i;

export function orchestrationMatches(model: Model): Match[] {
  if (model.deploy.some(({ target }) => target !== "docker") || model.repo.files.some((file) => starters.test(file)))
    return [];
  const images = nodeImages(model).filter(({ file }) => !isBesideTheProduct(file));
  const folders = new Set(images.map(({ file }) => posix.dirname(file)));
  const [first, ...others] = images;
  if (first === undefined || folders.size < 2 || runsTogether(model)) return [];
  return [
    match(
      "no-orchestration",
      { file: first.file, line: first.image.from.line },
      {
        confidence: "medium",
        message: `The app is ${folders.size} containers, and nothing in the repo starts them together: which versions, ports and settings fit each other is in somebody's head.`,
        also: others.map(({ file, image }) => ({ file, line: image.from.line })),
        anchor: "repo",
      },
    ),
  ];
}

/** A script, Makefile or pipeline that runs containers itself. */
function runsTogether({ repo }: Model): boolean {
  return repo.files.some(
    (file) =>
      /(\.sh|(^|\/)Makefile|(^|\/)justfile|^\.github\/workflows\/[^/]+\.ya?ml|(^|\/)package\.json|\.gitlab-ci\.yml|(^|\/)Jenkinsfile)$/i.test(
        file,
      ) &&
      /\b(docker|podman)\s+(run|push|compose|stack|service)\b|build-push-action|\bkubectl\b|\bdeploy\b/.test(
        repo.read(file) ?? "",
      ),
  );
}
