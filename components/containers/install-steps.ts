/** The step of a Dockerfile by which the packages of the shipped image come into it. */
import { copyOf, settingsIn, type Line, type ShippedImage, type Step } from "../../analyzers/deployment/dockerfile.ts";

/** Commands that put the packages of package.json in place, as the first words of a shell command. */
export const installing =
  /^(npm\s+(ci|install|i|clean-install)|yarn(\s+install)?|pnpm\s+(install|i)|bun\s+install)(\s+-\S+(\s+\d+)?)*$/;
const withoutDev =
  /--omit[= ]dev|--only[= ]prod|--prod\b|--production(?!=false)|(^|\s)-P\b|NODE_ENV=production|npm_config_production=true/;
const withDev = /--include[= ]dev|--(prod|production)=false|NODE_ENV=dev/;
const cleaning =
  /^yarn\s+workspaces\s+focus\b|^rm\s+-\w+\s+(\S+\s+)*\S*node_modules\b|\b(pnpm\s+(\S+\s+){0,6}?deploy|node-prune|turbo\s+prune)\b/;

/** Without a word about production both take out only what package.json does not name. */
const pruning = /^(npm|pnpm)\s+prune\b/;

/** An install whose packages are still there at the end. */
export interface Install {
  /** The step by which they come into the shipped stage: the install itself, or a copy from another stage. */
  place: Line;
  run: Step;
  /** The stage that it is copied from; null when it runs in the shipped one. */
  from: string | null;
}

/** Null when no packages are left, only production's, or when that is not known. */
export function installOf({ steps, stages }: ShippedImage): Install | null {
  return installedIn(steps, stages, new Set());
}

function installedIn(
  steps: readonly Step[],
  stages: ReadonlyMap<string, readonly Step[]>,
  seen: ReadonlySet<string>,
): Install | null {
  let production = false;
  let installed: Install | null = null;
  for (const step of steps) {
    const environment = settingsIn({ steps: [step] }).find(({ name }) => name === "NODE_ENV");
    if (environment !== undefined) production = environment.value !== "development";
    const copied = copyOf(step);
    if (copied?.from !== null && copied !== null && takesPackages(copied.sources) && !seen.has(copied.from)) {
      const from = stages.get(copied.from);
      const there = from === undefined ? null : installedIn(from, stages, new Set([...seen, copied.from]));
      installed = there === null ? null : { ...there, place: step, from: copied.from };
    }
    for (const command of step.keyword === "RUN" ? commandsIn(step.text) : []) {
      const plain = command.replace(/^([A-Z_a-z]+=\S+\s+)+/, "");
      const isPruned = pruning.test(plain) && (production || withoutDev.test(command));
      if (isPruned || cleaning.test(command)) installed = null;
      else if (installing.test(plain)) {
        const isWhole = withDev.test(command) || !(production || withoutDev.test(command));
        installed = isWhole ? { place: step, run: step, from: null } : null;
      }
    }
  }
  return installed;
}

/** `RUN --mount=... cd api && npm ci; npm run build`. */
export function commandsIn(text: string): string[] {
  const plain = text.replace(/^(--\S+\s+)+/, "");
  return plain.split(/&&|\|\||;|\n/).map((command) => command.trim().replace(/\s+/g, " "));
}

/** `/app/node_modules`, or the whole folder in which they are. */
export function takesPackages(sources: readonly string[]): boolean {
  return sources.some(
    (source) => /(^|\/)node_modules\/?$/.test(source) || /^(\/[\w-]+\/?|\/usr\/src\/app\/?|\.)$/.test(source),
  );
}
