/** What a compose file for production takes to be released from a pipeline: images to build, files beside it, services to pull. */
import { posix } from "node:path";
import { composedServices, type ComposedService } from "../../analyzers/deployment/compose.ts";
import type { Model } from "../../analyzers/model.ts";
import { record, parseYaml } from "../../analyzers/services/container-files.ts";

export interface ComposeRelease {
  file: string;
  /** One per service that is built from the repo. */
  images: { service: string; context: string; dockerfile: string; target: string | null }[];
  /** The compose file, and what it mounts from the repo; relative to its folder, which is the repo's root. */
  files: string[];
}

/** Names and paths that a shell takes as they are. */
const plain = /^[\w./-]+$/;
const ofProduction = /^(docker-)?compose[._-](prod|production|deploy|release)\.ya?ml$/i;
const usualNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/** Null where it is not certain that a server runs this file, or where a build takes more than a folder and a Dockerfile. */
export function composeRelease(model: Model): ComposeRelease | null {
  const { repo } = model;
  const named = repo.files.filter((file) => ofProduction.test(file));
  const usual = usualNames.filter((file) => repo.has(file));
  const [file, ...others] = named.length > 0 ? named : isToldOf(model) ? usual : [];
  if (file === undefined || others.length > 0) return null;
  const whole = record(parseYaml(repo.read(file) ?? ""));
  const own = composedServices(repo).filter((each) => each.file === file);
  const isOverlaid = repo.files.some((each) => /^(docker-)?compose\.override\.ya?ml$/.test(each));
  if ("include" in whole || (isOverlaid && named.length === 0) || own.length === 0 || !own.every(standsAlone))
    return null;
  const built = own.filter(({ build }) => build !== null);
  const images = built.flatMap((each) => imageOf(each, repo) ?? []);
  if (images.length === 0 || images.length < built.length) return null;
  const files = [file, ...mountedFiles(own, whole, model)];
  return files.every((each) => plain.test(each)) ? { file, images, files } : null;
}

/** The documentation names the command: `docker compose up -d` in a section on deploying. */
function isToldOf({ repo }: Model): boolean {
  return repo.files
    .filter((file) => /^(README|DEPLOY\w*|docs\/(README|deploy[\w-]*))\.md$/i.test(file))
    .some((file) => {
      let section = "";
      return (repo.read(file) ?? "").split("\n").some((line) => {
        section = /^#+\s+(.*)/.exec(line)?.[1] ?? section;
        const isDeploying = /deploy|production|going live|server setup|hosting/i.test(section);
        return isDeploying && /^\s*(\$\s*)?(sudo )?docker[ -]compose up\b/.test(line);
      });
    });
}

function standsAlone({ block, build, image, runsOnce }: ComposedService): boolean {
  const isWhole = build !== null || image !== null;
  return isWhole && !runsOnce && !["extends", "profiles", "provider"].some((key) => key in block);
}

function imageOf(
  { name, block, target }: ComposedService,
  repo: Model["repo"],
): ComposeRelease["images"][number] | null {
  const { build } = block;
  const fields = typeof build === "string" ? { context: build } : record(build);
  const isPlain = Object.keys(fields).every((key) => ["context", "dockerfile", "target"].includes(key));
  const context = typeof fields["context"] === "string" ? posix.normalize(fields["context"]) : ".";
  const named = typeof fields["dockerfile"] === "string" ? fields["dockerfile"] : "Dockerfile";
  const dockerfile = posix.join(context, named);
  const names = [name, context, dockerfile, target ?? "a"];
  const isKnown = repo.has(dockerfile) && !context.startsWith("..") && names.every((each) => plain.test(each));
  return isPlain && isKnown && name === name.toLowerCase() ? { service: name, context, dockerfile, target } : null;
}

/** `./nginx.conf:/etc/nginx/nginx.conf`: what the repo holds of it; folders for data are the server's own. */
function mountedFiles(own: readonly ComposedService[], whole: Record<string, unknown>, { repo }: Model): string[] {
  const mounts = own.flatMap(({ block }) => (Array.isArray(block["volumes"]) ? block["volumes"] : []));
  const sources = mounts.map((each) => (typeof each === "string" ? each.split(":")[0] : record(each)["source"]));
  const named = ["configs", "secrets"].flatMap((key) =>
    Object.values(record(whole[key])).map((each) => record(each)["file"]),
  );
  const found = [...sources, ...named].flatMap((each) => {
    const path = typeof each === "string" && each.startsWith("./") ? posix.normalize(each).replace(/\/$/, "") : "";
    const isHeld =
      path !== "" && path !== "." && repo.files.some((file) => file === path || file.startsWith(`${path}/`));
    return isHeld ? [path] : [];
  });
  return [...new Set(found)].toSorted();
}
