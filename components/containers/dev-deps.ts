/** Images that carry the development dependencies into production. */
import { copyOf, settingsIn, type Step } from "../../analyzers/deployment/dockerfile.ts";
import { packedService, shippedImages, type ImageFile } from "../../analyzers/deployment/images.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { startsDevServer } from "./dev-server.ts";
import { match } from "./match.ts";

export function devDependencyMatches(model: Model): Match[] {
  return shippedImages(model).flatMap((found) => {
    const { file, image } = found;
    const service = packedService(model, file, image);
    const install = installedIn(image.steps, image.stages);
    if (service === null || install === null || startsDevServer(model, file)) return [];
    const names = Object.keys(service.devDependencies);
    if (names.length === 0 || needs(names, found)) return [];
    return [
      match(
        "dockerfile-dev-deps",
        { file, line: install.line },
        {
          message: `The shipped image holds ${counted(names)} that only developers need (such as ${names[0]}): it is larger and slower to start elsewhere, and every hole in one of them is a hole in production.`,
          anchor: file,
        },
      ),
    ];
  });
}

function counted(names: readonly string[]): string {
  return names.length === 1 ? "a package" : `${names.length} packages`;
}

/** A start command that runs one of them (`ts-node src/index.ts`) cannot do without: that is another fault. */
function needs(names: readonly string[], { image }: ImageFile): boolean {
  const command = [image.entrypoint, image.cmd].map((each) => each?.text ?? "").join(" ");
  return names.some((name) => new RegExp(`(^|[\\s"'/])${name.replaceAll(/[^\w-]/g, ".")}(/|[\\s"']|$)`).test(command));
}

/** Commands that put the packages of package.json in place, as the first words of a shell command. */
const installing =
  /^(npm\s+(ci|install|i|clean-install)|yarn(\s+install)?|pnpm\s+(install|i)|bun\s+install)(\s+-\S+(\s+\d+)?)*$/;
const withoutDev =
  /--omit[= ]dev|--only[= ]prod|--prod\b|--production(?!=false)|(^|\s)-P\b|NODE_ENV=production|npm_config_production=true/;
const withDev = /--include[= ]dev|--(prod|production)=false|NODE_ENV=dev/;
const cleaning =
  /^yarn\s+workspaces\s+focus\b|^rm\s+-\w+\s+(\S+\s+)*\S*node_modules\b|\b(pnpm\s+(\S+\s+){0,6}?deploy|node-prune|turbo\s+prune)\b/;

/** Without a word about production both take out only what package.json does not name. */
const pruning = /^(npm|pnpm)\s+prune\b/;

/** The step whose packages are still there at the end; null when they are none, without developers' ones, or not known. */
function installedIn(
  steps: readonly Step[],
  stages: ReadonlyMap<string, readonly Step[]>,
  seen: ReadonlySet<string> = new Set(),
): Step | null {
  let production = false;
  let installed: Step | null = null;
  for (const step of steps) {
    const environment = settingsIn({ steps: [step] }).find(({ name }) => name === "NODE_ENV");
    if (environment !== undefined) production = environment.value !== "development";
    const copied = copyOf(step);
    if (copied?.from !== null && copied !== null && takesPackages(copied.sources) && !seen.has(copied.from)) {
      const from = stages.get(copied.from);
      const there = from === undefined ? null : installedIn(from, stages, new Set([...seen, copied.from]));
      installed = there === null ? null : { ...there, line: step.line, endLine: step.endLine };
    }
    for (const command of step.keyword === "RUN" ? commandsIn(step.text) : []) {
      const plain = command.replace(/^([A-Z_a-z]+=\S+\s+)+/, "");
      const isPruned = pruning.test(plain) && (production || withoutDev.test(command));
      if (isPruned || cleaning.test(command)) installed = null;
      else if (installing.test(plain))
        installed = withDev.test(command) || !(production || withoutDev.test(command)) ? step : null;
    }
  }
  return installed;
}

/** `RUN --mount=... cd api && npm ci; npm run build`. */
function commandsIn(text: string): string[] {
  const plain = text.replace(/^(--\S+\s+)+/, "");
  return plain.split(/&&|\|\||;|\n/).map((command) => command.trim().replace(/\s+/g, " "));
}

/** `/app/node_modules`, or the whole folder in which they are. */
function takesPackages(sources: readonly string[]): boolean {
  return sources.some(
    (source) => /(^|\/)node_modules\/?$/.test(source) || /^(\/[\w-]+\/?|\/usr\/src\/app\/?|\.)$/.test(source),
  );
}
