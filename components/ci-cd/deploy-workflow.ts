/** The workflow that does what is done by hand today, once the checks of the same commit are green. */
import { parseYaml, record } from "../../analyzers/services/container-files.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { fill } from "../../patches/fill.ts";
import { composeRelease, type ComposeRelease } from "./compose-release.ts";
import type { Hand } from "./deploy.ts";
import { kubernetesRelease, type KubernetesRelease } from "./kubernetes-release.ts";
import { pipelinesOf } from "./pipelines.ts";
import { toldCommands } from "./told-commands.ts";
import { unitsOf } from "./units.ts";

const file = ".github/workflows/deploy.yml";

type Values = Record<string, string | boolean>;

/** What the template is filled with for the way the app is released today; null where that way is not certain. */
export function releaseValues({ way, place }: Hand, model: Model): Values | null {
  const checks = checksOf(model);
  const own = checks === null || model.repo.has(file) ? null : valuesOf(way, place, model);
  return own === null || checks === null ? null : { ...nothing, ...own, CHECKS: JSON.stringify(checks) };
}

/** The workflow itself. */
export function deployWorkflow(values: Values, template: string): Edit {
  return { kind: "create", file, text: fill(template, values) };
}

/** What the variants of the template do not use. */
const nothing: Values = {
  isCommands: false,
  isCompose: false,
  isKubernetes: false,
  hasServer: false,
  hasImages: false,
  hasLogin: false,
  SOURCE: "",
  COMMANDS: "",
  COMPOSE: "",
  BUILDS: "",
  IMAGES: "",
  FILES: "",
  SERVICES: "",
  REGISTRY: "ghcr.io",
  ROLLOUTS: "",
  WORKLOADS: "",
  GATE: "DEPLOY_HOST",
};

function valuesOf(way: Hand["way"], place: Hand["place"], model: Model): Values | null {
  switch (way) {
    case "told": {
      const commands = toldCommands(place, model.repo);
      return commands === null
        ? null
        : { isCommands: true, hasServer: true, SOURCE: place.file, COMMANDS: lines(commands) };
    }
    case "compose": {
      const release = composeRelease(model);
      return release === null ? null : composeValues(release);
    }
    case "kubernetes": {
      const release = kubernetesRelease(model);
      return release === null ? null : kubernetesValues(release);
    }
    default:
      return null;
  }
}

function composeValues({ file: compose, images, files }: ComposeRelease): Values {
  const builds = images.flatMap(({ service, context, dockerfile, target }) => {
    const stage = target === null ? "" : ` --target ${target}`;
    const name = `"$images/${service}:$GITHUB_SHA"`;
    return [`docker build --pull --tag ${name}${stage} --file ${dockerfile} ${context}`, `docker push --quiet ${name}`];
  });
  return {
    isCompose: true,
    hasServer: true,
    hasImages: true,
    COMPOSE: compose,
    BUILDS: lines(['images="ghcr.io/${GITHUB_REPOSITORY,,}"', ...builds]),
    IMAGES: images
      .map(({ service }) => `${service}: { image: "$images/${service}:$GITHUB_SHA" }`)
      .join("\n            "),
    FILES: files.join(" "),
    SERVICES: images.map(({ service }) => service).join(" "),
  };
}

function kubernetesValues({ registry, images, rollouts }: KubernetesRelease): Values {
  const builds = images.flatMap(({ name, dockerfile, context }) => [
    `docker build --pull --tag "${name}:$GITHUB_SHA" --file ${dockerfile} ${context}`,
    `docker push --quiet "${name}:$GITHUB_SHA"`,
  ]);
  return {
    isKubernetes: true,
    hasImages: true,
    hasLogin: registry !== "ghcr.io",
    REGISTRY: registry,
    BUILDS: lines(builds),
    ROLLOUTS: lines(
      rollouts.map(
        ({ workload, container, image }) => `kubectl set image ${workload} "${container}=${image}:$GITHUB_SHA"`,
      ),
    ),
    WORKLOADS: [...new Set(rollouts.map(({ workload }) => workload))].join(" "),
    GATE: "KUBE_NAMESPACE",
  };
}

/** Lines of a script in the template. */
function lines(commands: readonly string[]): string {
  return commands.join("\n          ");
}

/** The name of the one workflow that checks pushes to the main branch: the app's own, or the one that this patch brings. */
function checksOf({ repo, ...model }: Model): string | null {
  const pipelines = pipelinesOf({ repo });
  const checking = pipelines.filter(({ checks }) => checks !== null);
  if (pipelines.every(({ seesChanges }) => !seesChanges)) {
    const isBrought = unitsOf({ repo, ...model }).every(({ language }) => language !== "python");
    return isBrought && pipelines.length === 0 ? "CI" : null;
  }
  const [only, ...others] = checking;
  if (only === undefined || others.length > 0 || !only.file.startsWith(".github/workflows/")) return null;
  const { name, on } = record(parseYaml(repo.read(only.file) ?? ""));
  return seesMain(on) ? (typeof name === "string" ? name : only.file) : null;
}

function seesMain(on: unknown): boolean {
  if (on === "push" || (Array.isArray(on) && on.includes("push"))) return true;
  const push = record(on)["push"];
  if (push === null || push === undefined) return "push" in record(on);
  const { branches, paths, "paths-ignore": ignored, tags } = record(push);
  if (paths !== undefined || ignored !== undefined || (tags !== undefined && branches === undefined)) return false;
  return (
    branches === undefined ||
    (Array.isArray(branches) &&
      branches.some((each) => each === "main" || each === "master" || each === "**" || each === "*"))
  );
}
