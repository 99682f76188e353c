/** Apps that are brought to their servers by hand. */
import { composedServices } from "../../analyzers/deployment/compose.ts";
import { nodeImages, pythonImages } from "../../analyzers/deployment/images.ts";
import { ownContainers, workloadsOf } from "../../analyzers/deployment/kubernetes.ts";
import type { Model, Place } from "../../analyzers/model.ts";
import { answeringServices } from "../../analyzers/serving/product.ts";
import type { Match } from "../finding.ts";
import { releaseValues } from "./deploy-workflow.ts";
import { match } from "./match.ts";
import { ships } from "./ships.ts";
import { commandsIn, filesBehind, pipelinesOf } from "./pipelines.ts";

/** Targets that nothing reaches by itself; all others build and start what is pushed to the repo. */
const byHand: ReadonlySet<string> = new Set(["docker", "compose", "vm", "kubernetes"]);

export function deployMatches(model: Model): Match[] {
  const hand = unshipped(model);
  if (hand === null) return [];
  return [
    match("no-deploy-pipeline", hand.place, {
      confidence: hand.isTold ? "high" : "medium",
      message: `${hand.what}, and no pipeline does it: each release depends on one person, one laptop and nobody forgetting a step.`,
      anchor: "repo",
      fix: releaseValues(hand, model) === null ? "brief" : "patch",
    }),
  ];
}

/** How the app is released by hand; null where a platform or a pipeline does it, or where nothing says. */
export function unshipped(model: Model): Hand | null {
  if (answeringServices(model).length === 0 || model.deploy.some(({ target }) => !byHand.has(target))) return null;
  const hand = handOf(model);
  return hand === null || isShipped(model) ? null : hand;
}

export interface Hand {
  way: "told" | "kubernetes" | "process-manager" | "compose";
  place: Place;
  what: string;
  /** The app's own documentation says so; everything else only shows where it runs. */
  isTold: boolean;
}

/** How the app gets to where it runs, where that takes a person; null when nothing says. */
function handOf(model: Model): Hand | null {
  return told(model) ?? kubernetes(model) ?? processManager(model) ?? compose(model);
}

/** A section on deploying whose commands fetch the new version on the server. */
function told({ repo }: Model): Hand | null {
  for (const file of repo.files.filter((each) => /^(README|DEPLOY\w*|docs\/(README|deploy[\w-]*))\.md$/i.test(each))) {
    const lines = (repo.read(file) ?? "").split("\n");
    let section = "";
    for (const [index, line] of lines.entries()) {
      section = /^#+\s+(.*)/.exec(line)?.[1] ?? section;
      const isDeploying =
        /deploy|production|going live|server setup|hosting/i.test(section) && !/self-?host|docker hub/i.test(section);
      if (isDeploying && /^\s*(\$\s*)?(git pull|ssh \S+@|rsync |scp |pm2 (start|restart|reload))/.test(line))
        return {
          way: "told",
          place: { file, line: index + 1 },
          what: "The README tells how to bring a new version to the server by hand",
          isTold: true,
        };
    }
  }
  return null;
}

function kubernetes({ repo, deploy }: Model): Hand | null {
  const workloads = deploy.some(({ target }) => target === "kubernetes") ? workloadsOf(repo) : [];
  const workload = workloads.find((each) => ownContainers(each).length > 0);
  const isPulled = repo.files.some(
    (file) => /\.ya?ml$/.test(file) && /\b(argoproj\.io|fluxcd\.io)\//.test(repo.read(file) ?? ""),
  );
  if (workload === undefined || isPulled) return null;
  return {
    way: "kubernetes",
    place: workload,
    what: "The app runs on Kubernetes, where somebody has to apply each new version",
    isTold: false,
  };
}

function processManager({ deploy }: Model): Hand | null {
  const found = deploy.find(({ target, evidence }) => target === "vm" && !evidence.file.startsWith(".github/"));
  return found === undefined
    ? null
    : {
        way: "process-manager",
        place: found.evidence,
        what: "The app runs under a process manager on a server, where somebody has to fetch each new version",
        isTold: false,
      };
}

function compose(model: Model): Hand | null {
  const images = new Set([...nodeImages(model), ...pythonImages(model)].map(({ file }) => file));
  const found = composedServices(model.repo).find(
    ({ purpose, dockerfile }) => purpose === "production" && dockerfile !== null && images.has(dockerfile),
  );
  return found === undefined
    ? null
    : {
        way: "compose",
        place: found,
        what: "The app runs under compose on a server, where somebody has to build and start each new version",
        isTold: false,
      };
}

/** Some pipeline ships something, itself or by a script that it calls. */
function isShipped(model: Model): boolean {
  return pipelinesOf(model).some(({ file, commands }) => {
    if (ships.test(file)) return true;
    return commands.some(
      (command) =>
        ships.test(command) ||
        filesBehind(command, model).some(
          (behind) =>
            /\.(sh|ya?ml)$|Makefile$/.test(behind) &&
            commandsIn(behind, model.repo.read(behind) ?? "").some((line) => ships.test(line)),
        ),
    );
  });
}
