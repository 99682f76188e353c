/** Leaves the development dependencies out of an image: at its own install, or by a last step of the stage that builds. */
import { copyOf, type Step } from "../../analyzers/deployment/dockerfile.ts";
import type { ImageFile } from "../../analyzers/deployment/images.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { commandsOf } from "../../analyzers/services/toolchain.ts";
import type { Edit } from "../../patches/edit.ts";
import { pruneCommand } from "./image.ts";
import { commandsIn, installing, takesPackages, type Install } from "./install-steps.ts";
import { insertLines, lineStarts } from "./instructions.ts";
import { hooksWithoutDev } from "./install-hooks.ts";
import { nodeMajorIn } from "./node-base.ts";
import { neededAtRuntime } from "./runtime-needs.ts";

/** npm 7, which knows `--omit`, comes with Node 16. */
const oldestNode = 16;

/** Null where something in the container may need them, or where the image is built in another way than the usual ones. */
export function withoutDevDeps(found: ImageFile, install: Install, service: Service, model: Model): Edit[] | null {
  const major = nodeMajorIn(found.image.base);
  const isClassic = service.packageManager !== "yarn" || commandsOf(service, model.repo).setup !== "corepack enable";
  if (major === null || major < oldestNode || !isClassic || managerIn(install) !== (service.packageManager ?? "npm"))
    return null;
  if (neededAtRuntime(found, service, model) !== null) return null;
  if (install.from !== null) return prunedStage(found, install, install.from, service, model);
  const own = found.image.steps.indexOf(install.run);
  if (own < 0 || install.run.line < found.image.from.line) return null;
  const after = found.image.steps.slice(own + 1).filter(buildsSomething);
  const isPlain = commandsIn(install.run.text).every((each) => installing.test(each) || isHarmless(each));
  if (isPlain && after.length === 0) return productionInstall(found.file, install.run, service, model);
  return isPlain ? splitImage(found, after, service, model) : null;
}

/** The package manager that installs in the image. */
function managerIn({ run }: Install): string | null {
  const commands = commandsIn(run.text).map((each) => each.replace(/^([A-Z_a-z]+=\S+\s+)+/, ""));
  return /^\w+/.exec(commands.find((each) => installing.test(each)) ?? "")?.[0] ?? null;
}

/** Commands that neither need a development dependency nor change what is installed. */
function isHarmless(command: string): boolean {
  return /^(npm (i|install) (-g|--global) \S+|npm cache clean\b.*|yarn cache clean.*|corepack (enable|prepare)\b.*|mkdir\b.*|chown\b.*|chmod\b.*|apk\b.*|apt-get\b.*|rm -rf (\/var\/\S*|\/root\/\.npm|\/tmp\/\S*).*|adduser\b.*|addgroup\b.*|useradd\b.*|groupadd\b.*|set -\w+|true)$/.test(
    command,
  );
}

function buildsSomething({ keyword, text }: Step): boolean {
  return keyword === "RUN" && !commandsIn(text).every(isHarmless);
}

const flags: readonly (readonly [RegExp, string])[] = [
  [/\bnpm\s+(?:ci|clean-install|install|i)(?=\s|$)(?!\s+(?:-g|--global)\b)/, " --omit=dev"],
  [/\bpnpm\s+(?:install|i)(?=\s|$)/, " --prod"],
  [/\byarn(?:\s+install)?(?=\s+-|\s*$|\s*&&)/, " --production"],
  [/\bbun\s+install(?=\s|$)/, " --production"],
];

/** `npm ci` -> `npm ci --omit=dev`, where no script that runs with it needs what is left out. */
function productionInstall(file: string, run: Step, service: Service, model: Model): Edit[] | null {
  const text = model.repo.read(file) ?? "";
  const starts = lineStarts(text);
  const start = starts[run.line - 1] ?? 0;
  const written = text.slice(start, starts[run.endLine] ?? text.length);
  const [pattern, flag] = flags.find(([each]) => each.test(written)) ?? [];
  const hooks = hooksWithoutDev(service, model);
  const found = pattern?.exec(written);
  if (found === null || found === undefined || flag === undefined || hooks === null) return null;
  const at = start + found.index;
  const end = at + found[0].length;
  const first: Edit[] = hooks === "" ? [] : [{ kind: "replace", file, start: at, end: at, text: `${hooks} && ` }];
  return [...first, { kind: "replace", file, start: end, end, text: flag }];
}

/** The last step of the stage whose packages are shipped, when no other stage takes them. */
function prunedStage(
  { file, image }: ImageFile,
  { run }: Install,
  stage: string,
  service: Service,
  model: Model,
): Edit[] | null {
  const own = image.stages.get(stage) ?? [];
  const last = own.at(-1);
  const all = [...image.stages].filter(([name]) => image.stages.get(name) !== own);
  const isShared = all.some(([, steps]) => {
    const isBuiltOnIt = last !== undefined && steps.includes(last);
    const takes = steps.some((step) => {
      const copy = copyOf(step);
      return (
        copy !== null && isSame(copy.from, stage, image) && takesPackages(copy.sources) && !image.steps.includes(step)
      );
    });
    return isBuiltOnIt || takes;
  });
  const isRoot = own.every(({ keyword }) => keyword !== "USER");
  const usesIt = own.includes(run) || own.some((step) => takesPackages(copyOf(step)?.sources ?? []));
  if (last === undefined || isShared || !isRoot || !usesIt || last.line > image.from.line) return null;
  return [insertLines(file, last.endLine + 1, [`RUN ${pruning(service, model)}`], model)];
}

/** A stage may be called by its name or its number. */
function isSame(name: string | null, stage: string, { stages }: ImageFile["image"]): boolean {
  return (
    name !== null && (name === stage || (stages.has(name) && stages.get(name)?.at(-1) === stages.get(stage)?.at(-1)))
  );
}

function pruning(service: Service, model: Model): string {
  return pruneCommand(service.packageManager ?? "npm", commandsOf(service, model.repo).installProduction);
}

/** One stage that builds and runs becomes two; what stands behind the build stays where it is. */
function splitImage(
  { file, image }: ImageFile,
  builds: readonly Step[],
  service: Service,
  model: Model,
): Edit[] | null {
  const text = model.repo.read(file) ?? "";
  const last = builds.at(-1);
  const at = last === undefined ? -1 : image.steps.indexOf(last);
  const before = image.steps.slice(0, at + 1);
  const isUsual = before.every(
    (step) =>
      step.keyword === "WORKDIR" ||
      (step.keyword === "COPY" && copyOf(step)?.from === null && !step.text.includes("--chown")) ||
      (step.keyword === "RUN" && commandsIn(step.text).every(isPacking)),
  );
  const isOnly = new Set(image.stages.values()).size === 1 && image.stage === null && image.volumes.length === 0;
  const words = [image.entrypoint, image.cmd].flatMap((each) => (each === null ? [] : (each.argv?.[0] ?? "sh")));
  const startsAlone = words.every((word) => word === "node" || word === "npm");
  const isGlobal = before.some(({ text: line }) => /(-g|--global) (?!pnpm|yarn|npm|bun)/.test(line));
  if (last === undefined || !isUsual || !isOnly || !startsAlone || isGlobal || image.workdir === null) return null;
  const from = (text.split("\n")[image.from.line - 1] ?? "").trimEnd();
  const end = (lineStarts(text)[image.from.line - 1] ?? 0) + from.length;
  if (!/^FROM\s+\S+$/i.test(from) || before.filter(({ keyword }) => keyword === "WORKDIR").length !== 1) return null;
  const stage = [
    `RUN ${pruning(service, model)}`,
    "",
    from,
    `WORKDIR ${image.workdir}`,
    `COPY --from=build ${image.workdir} ./`,
  ];
  return [
    { kind: "replace", file, start: end, end, text: " AS build" },
    insertLines(file, last.endLine + 1, stage, model),
  ];
}

/** Installing and building, and nothing that the shipped stage would miss: system packages, users, folders elsewhere. */
function isPacking(command: string): boolean {
  const plain = command.replace(/^([A-Z_a-z]+=\S+\s+)+/, "");
  return (
    installing.test(plain) ||
    /^(npm cache clean\b.*|corepack (enable|prepare)\b.*|npm (i|install) (-g|--global) (pnpm|yarn|bun)\S*|(npm|pnpm|yarn|bun)( run)? (build|compile|generate|prisma:generate|db:generate)\S*|(npx|pnpm exec|yarn)? ?(tsc|prisma generate|nest build)\b.*)$/.test(
      plain,
    )
  );
}
