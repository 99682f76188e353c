/** What a Dockerfile for production must not be, as linters for Dockerfiles and careful reviewers have it. */
import { DockerfileParser, type From, type Instruction } from "dockerfile-ast";
import { copyOf, settingsIn, shippedImage, type Command, type Step } from "../../analyzers/deployment/dockerfile.ts";

/** Every fault in words; empty for a file that may be merged. */
export function dockerfileFaults(text: string): string[] {
  const image = shippedImage(text);
  if (image === null) return ["it builds no image"];
  const { user, cmd, entrypoint, steps, stages, base } = image;
  const isRoot = user === null ? !/unprivileged|nonroot/.test(base) : /^(root|0)(:|$)/.test(user.name);
  const all = [...new Set([...stages.values()].flat())];
  return [
    ...(isRoot ? ["the app runs as root"] : []),
    ...(cmd === null && entrypoint === null ? ["no command"] : []),
    ...[cmd, entrypoint].flatMap((command) => (command === null ? [] : commandFaults(command))),
    ...fromsIn(text).flatMap(baseFaults),
    ...new Set([...stages.values()].flatMap(installFaults)),
    ...settingsIn({ steps: all }).flatMap(({ name }) => (isSecret(name) ? [`${name} is a secret in the image`] : [])),
    ...all.flatMap((step) => [...aptFaults(step), ...copyFaults(step, stages)]),
    ...(steps.some(({ keyword, text: line }) => keyword === "ADD" && /https?:/.test(line))
      ? ["ADD of an address"]
      : []),
  ];
}

function commandFaults({ argv, text }: Command): string[] {
  if (argv === null) return [`shell form: ${text}`];
  const isHidden = /(^|\/)(npm|npx|pnpm|yarn|bunx|poetry|pipenv|nodemon|sh|bash)$/.test(argv[0] ?? "");
  return isHidden ? [`${argv[0]} is process 1 instead of the app`] : [];
}

function fromsIn(text: string): { image: string; stage: string | null }[] {
  const isFrom = (each: Instruction): each is From => each.getKeyword() === "FROM";
  return DockerfileParser.parse(text)
    .getInstructions()
    .filter(isFrom)
    .map((each) => ({ image: each.getImage() ?? "", stage: each.getBuildStage() }));
}

function baseFaults(
  { image }: { image: string },
  _index: number,
  froms: readonly { stage: string | null }[],
): string[] {
  if (froms.some(({ stage }) => stage === image) || image === "scratch") return [];
  if (!/[:@]/.test(image) || image.endsWith(":latest")) return [`${image} names no version`];
  const node = /^(?:docker\.io\/(?:library\/)?)?node:(\d*)/.exec(image);
  if (node !== null && !["22", "24", "26"].includes(node[1] ?? "")) return [`${image} is no supported Node`];
  const python = /^(?:docker\.io\/(?:library\/)?)?python:(?:3\.(\d+))?/.exec(image);
  const isOld = python !== null && !(Number(python[1] ?? 0) >= 10);
  return isOld ? [`${image} is no supported Python`] : [];
}

const installing =
  /\b(npm (ci|install)\b(?! --global)|pnpm install|yarn install|bun install|pip install .*-r |uv sync|poetry install)/;

/** The source must not come before the packages: each change of a line would install everything anew. */
function installFaults(steps: readonly Step[]): string[] {
  const install = steps.findIndex(({ keyword, text }) => keyword === "RUN" && installing.test(text));
  const source = steps.findIndex((step) => copyOf(step)?.from === null && copyOf(step)?.sources.includes(".") === true);
  return install >= 0 && source >= 0 && source < install
    ? ["the source is copied before the packages are installed"]
    : [];
}

function isSecret(name: string): boolean {
  return /(SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|CREDENTIAL)/i.test(name);
}

function aptFaults({ keyword, text }: Step): string[] {
  if (keyword !== "RUN" || !/\bapt(-get)? install\b/.test(text)) return [];
  return [
    ...(text.includes("--no-install-recommends") ? [] : ["apt installs what is only recommended"]),
    ...(/rm -rf \/var\/lib\/apt\/lists|--mount=type=cache,[^ ]*apt/.test(text) ? [] : ["apt leaves its lists behind"]),
  ];
}

function copyFaults(step: Step, stages: ReadonlyMap<string, readonly Step[]>): string[] {
  const from = copyOf(step)?.from ?? null;
  return from === null || stages.has(from) || /[/:]/.test(from) ? [] : [`there is no stage ${from}`];
}
