/** Judges how the app is packed: whether there is an image at all, and whether the image can be trusted with it. */
import { posix } from "node:path";
import type { Command, ShippedImage } from "../../analyzers/deployment/dockerfile.ts";
import {
  nodeImages,
  obscureImages,
  pythonImages,
  runsPython,
  type ImageFile,
} from "../../analyzers/deployment/images.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { servingOf } from "../../analyzers/serving/serving.ts";
import { declaringFile } from "../declaring-file.ts";
import type { Presence } from "../component.ts";
import type { Match } from "../finding.ts";
import { besidePython } from "../without-python.ts";
import { devDependencyMatches } from "./dev-deps.ts";
import { devServerMatches } from "./dev-server.ts";
import { portMatches } from "./hardcoded-port.ts";
import { healthcheckMatches } from "./healthcheck.ts";
import { manifestMatches } from "./kubernetes/detect.ts";
import { deafScript } from "./entry-script.ts";
import { match } from "./match.ts";
import { orchestrationMatches } from "./orchestration.ts";
import { committedSecrets } from "./secrets/in-files.ts";
import { bakedSecrets } from "./secrets/in-images.ts";
import { signingSecrets } from "./secrets/signing.ts";

/** Hosts that build and run the source themselves and cannot use an image, or need none. */
const buildsFromSource: ReadonlySet<string> = new Set(["vercel", "netlify", "cloudflare", "aws-lambda", "firebase"]);
/** Hosts that take a Dockerfile when there is one and build from source otherwise. */
const buildsEither: ReadonlySet<string> = new Set([
  "render",
  "railway",
  "heroku",
  "replit",
  "aws-app-runner",
  "app-engine",
  "azure-app-service",
]);

/** Bases that already run as another user than root. */
const unprivilegedBase = /:.*nonroot|unprivileged|^cgr\.dev\/|\/chainguard\/|^bitnami\//;

export function detect(model: Model): Match[] {
  const images = nodeImages(model);
  const python = pythonImages(model).flatMap(({ file, image }) => [
    ...runsAsRoot(file, image, model),
    ...leaksContext(file, image, model),
  ]);
  return [
    ...missing(model, images),
    ...oncePerFolder(onePerFile(images.flatMap((each) => judge(each, model)))),
    ...python.map((each) => ({ ...each, fix: "brief" as const })),
    ...manifestMatches(model),
    ...besidePython(model, (half) => [
      ...devServerMatches(half),
      ...onePerFile(devDependencyMatches(half)),
      ...healthcheckMatches(half),
      ...committedSecrets(half),
      ...distinct(bakedSecrets(half)),
      ...signingSecrets(half),
      ...portMatches(half),
      ...orchestrationMatches(half),
    ]),
  ];
}

export function presence(model: Model): Presence {
  const [first] = [...nodeImages(model), ...pythonImages(model)];
  if (first === undefined) {
    const evidence = obscureImages(model).map(({ file, image: { base, from } }) => ({
      file,
      line: from.line,
      note: `an image from ${base}, and nothing tells what runs in it`,
    }));
    return { status: evidence.length > 0 ? "present" : "absent", evidence };
  }
  return {
    status: "in_effect",
    evidence: [{ file: first.file, line: first.image.from.line, note: `an image from ${first.image.base}` }],
  };
}

/** Services that run as a process and that no image packs; empty where the host takes no image, or one may pack them. */
export function unpacked(model: Model, images: readonly ImageFile[] = nodeImages(model)): Service[] {
  if (hostOf(model) !== "any" || obscureImages(model).length > 0) return [];
  const isPacked = { node: images.length > 0, python: pythonImages(model).length > 0 };
  return model.services.filter(
    (service) =>
      !(service.language === "python" ? isPacked.python : isPacked.node) &&
      service.entry.length > 0 &&
      servingOf(model, service).kind !== "none",
  );
}

/** Whether the deploy target can use an image: `any` when nothing says where the app runs. */
export function hostOf(model: Model): "source" | "either" | "any" {
  if (model.deploy.length === 0) return "any";
  if (model.deploy.every(({ target }) => buildsFromSource.has(target))) return "source";
  return model.deploy.every(({ target }) => buildsFromSource.has(target) || buildsEither.has(target))
    ? "either"
    : "any";
}

function missing(model: Model, images: readonly ImageFile[]): Match[] {
  return unpacked(model, images).map((service) =>
    match(
      "no-dockerfile",
      { file: declaringFile(service, model), line: 1 },
      {
        message:
          "Nothing describes the machine this app runs on, so each server is set up by hand and no two are the same.",
        anchor: service.name,
        fix: service.language === "python" ? "brief" : "patch",
      },
    ),
  );
}

/** Stages that several images inherit say the same of each of them. */
function distinct(matches: readonly Match[]): Match[] {
  return [...new Map(matches.map((each) => [`${each.rule} ${each.file}:${each.line} ${each.anchor}`, each])).values()];
}

/** What several images of one Dockerfile have in common is said once. */
function onePerFile(matches: readonly Match[]): Match[] {
  const found = new Map<string, Match>();
  for (const each of matches) {
    const key = `${each.rule} ${each.file}`;
    const first = found.get(key);
    const isKnown = first?.line === each.line || first?.also.some(({ line }) => line === each.line);
    if (first === undefined) found.set(key, each);
    else if (isKnown !== true) {
      const also = [...first.also, { file: each.file, line: each.line }];
      found.set(key, { ...first, also });
    }
  }
  return [...found.values()];
}

function judge({ file, image }: ImageFile, model: Model): Match[] {
  return [
    ...runsAsRoot(file, image, model),
    ...swallowsSignals(file, image, model),
    ...leaksContext(file, image, model),
  ];
}

function runsAsRoot(file: string, image: ShippedImage, model: Model): Match[] {
  const root = image.user === null ? !unprivilegedBase.test(image.base) : /^(root|0)(:|$)/.test(image.user.name);
  if (!root || dropsPrivileges(file, image, model)) return [];
  return [
    match(
      "dockerfile-root",
      { file, line: (image.user ?? image.from).line },
      {
        message:
          "The app runs as root inside its container: whoever breaks into the app owns all of it, and with one more fault the host.",
        anchor: file,
        fix: "patch",
      },
    ),
  ];
}

/** An entry script that changes to another user itself (`gosu node "$@"`). */
function dropsPrivileges(file: string, image: ShippedImage, { repo }: Model): boolean {
  const words = [image.entrypoint, image.cmd].flatMap((command) => command?.argv ?? command?.text.split(/\s+/) ?? []);
  const drops = /\b(gosu|su-exec|setpriv|runuser|s6-setuidgid)\b/;
  const scripts = words.filter((word) => word.endsWith(".sh")).map((word) => posix.basename(word));
  const folder = posix.dirname(file);
  return (
    words.some((word) => drops.test(word)) ||
    repo.files.some(
      (each) =>
        scripts.includes(posix.basename(each)) &&
        (folder === "." || each.startsWith(`${folder}/`)) &&
        drops.test(repo.read(each) ?? ""),
    )
  );
}

function swallowsSignals(file: string, image: ShippedImage, { repo }: Model): Match[] {
  const script = [image.entrypoint, image.cmd].find((command) => deafScript(command?.argv ?? [], file, repo) !== null);
  if (script && !isGroupWide(image)) return [behindScript(file, script, repo)];
  const found = [image.entrypoint, image.cmd].find(
    (command) => command !== null && swallowing(command, image) !== null,
  );
  const why = found ? swallowing(found, image) : null;
  if (!found || why === null) return [];
  return [
    match(
      "dockerfile-signal-not-forwarded",
      { file, line: found.line },
      {
        message: `${why}, so the signal to stop never reaches the app: every deploy cuts off the requests in flight.`,
        anchor: file,
        fix: "patch",
      },
    ),
  ];
}

function behindScript(file: string, { argv, line }: Command, repo: Model["repo"]): Match {
  return match(
    "dockerfile-signal-not-forwarded",
    { file, line },
    {
      message: `\`${deafScript(argv ?? [], file, repo) ?? ""}\` starts the app without \`exec\`, so its shell stays process 1 and passes no signals on: the signal to stop never reaches the app, and every deploy cuts off the requests in flight.`,
      anchor: file,
      fix: "brief",
    },
  );
}

/** dumb-init signals the whole process group, and so does tini with -g; plain tini only its child. */
function isGroupWide({ entrypoint }: ShippedImage): boolean {
  const init = (entrypoint?.argv ?? []).map((word) => posix.basename(word));
  return init[0] === "dumb-init" || (init[0] === "tini" && init.includes("-g"));
}

/** Why a command keeps the stop signal from node; null when it does not, or when nobody can say (a script of the app's own). */
function swallowing(command: Command, image: ShippedImage): string | null {
  if (isGroupWide(image)) return null;
  if (command.argv === null) {
    if (/^exec\s/.test(command.text) || !/\b(node|npm|yarn|pnpm|bun|tsx|ts-node)\b/.test(command.text)) return null;
    return "The shell form makes /bin/sh process 1, and it passes no signals on";
  }
  const words = command.argv.filter((word) => !/^(\/\S*\/)?(tini|--|-\w)$/.test(word));
  const program = posix.basename(words[0] ?? "");
  if (["npm", "yarn", "pnpm"].includes(program))
    return `${program} is process 1 and does not wait for the app it started`;
  const shell = ["sh", "bash", "ash"].includes(program) && command.argv.includes("-c");
  const line = shell ? (command.argv.at(-1) ?? "") : "";
  return shell && !/\bexec\s/.test(line) && /\b(node|npm|yarn|pnpm)\b/.test(line)
    ? "A shell is process 1, and it passes no signals on"
    : null;
}

/** One file beside several Dockerfiles is missing once. */
function oncePerFolder(found: readonly Match[]): Match[] {
  const isLeak = ({ rule }: Match): boolean => rule === "containers/no-dockerignore";
  const folderOf = ({ file }: Match): string => posix.dirname(file);
  const leaks = found.filter(isLeak);
  return found.flatMap((each) => {
    if (!isLeak(each)) return [each];
    const beside = leaks.filter((other) => folderOf(other) === folderOf(each));
    if (beside[0] !== each) return [];
    return [{ ...each, also: [...each.also, ...beside.slice(1).map(({ file, line }) => ({ file, line }))] }];
  });
}

function leaksContext(file: string, image: ShippedImage, { repo }: Model): Match[] {
  const ignores = [posix.join(posix.dirname(file), ".dockerignore"), ".dockerignore", `${file}.dockerignore`];
  if (image.copiesContext?.isShipped !== true || ignores.some((each) => repo.has(each))) return [];
  return [
    match(
      "no-dockerignore",
      { file, line: image.copiesContext.line },
      {
        message: `The whole folder is copied into the image, with .env files, git history and ${runsPython(image) ? "local environments" : "local node_modules"}: secrets ship with it.`,
        anchor: file,
        fix: "patch",
      },
    ),
  ];
}
