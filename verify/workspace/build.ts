/** Builds a working copy when what is started does not exist without. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "../../analyzers/model.ts";
import type { Lab } from "../boot/lab.ts";
import { startCommand } from "../boot/start-command.ts";
import { readText } from "./package-json.ts";
import { runStep } from "./step.ts";

export interface BuildOptions {
  side: "before" | "after";
  folder: string;
  service: Service;
  env: Readonly<Record<string, string>>;
  notes: string[];
  steps: { name: string; command: string; milliseconds: number }[];
  signal: AbortSignal | undefined;
  /** Path of the Prisma schema. */
  prisma: string | null;
}

const seconds = 240;
/** Start commands that serve what a build made, without naming a file. */
const servesBuild =
  /\b(?:next start|nuxt start|nest start|remix-serve|react-router-serve|vite preview|astro preview)\b/;

/** Files that a command line names. */
function filesOf(command: string): string[] {
  return command.split(/[\s;&|"']+/).filter((word) => !word.startsWith("-") && /^[\w@./-]+\.[cm]?js$/.test(word));
}

/** Whether the app's processes name files that only a build makes. */
export function needsBuild(service: Service, folder: string): boolean {
  const dockerfile = readText(folder, "Dockerfile") ?? "";
  const isBuiltInImage = /^\s*RUN\s.*\b(?:npm|pnpm|yarn)\s+(?:run\s+)?build\b/im.test(dockerfile);
  const commands = [
    service.start ?? "",
    service.scripts["start"] ?? "",
    ...service.processes.map((one) => one.command),
  ];
  const named = commands.flatMap(filesOf);
  const folders = commands
    .flatMap((command) => command.split(/\s+/))
    .filter((word) => /^(?:\.\/)?(?:dist|build|out|lib)(?:\/[\w/-]*)?$/.test(word));
  const isAbsent = [...named, ...folders].some((file) => !existsSync(join(folder, file)));
  return (
    isBuiltInImage ||
    isAbsent ||
    commands.some((command) => servesBuild.test(command)) ||
    startCommand(service, folder) === null
  );
}

/** Runs the build script when it is needed; Prisma's client is made first, it belongs to each side. Throws `LabError` when it fails. */
export async function build(lab: Lab, options: BuildOptions): Promise<void> {
  const { side, folder, service, env, signal } = options;
  const run = async (command: string[], what: string): Promise<void> => {
    const fault = { what, next: "Run the same command in the app's folder; the lines below are its last" };
    const milliseconds = await runStep(
      lab,
      { name: "build", side, command, cwd: folder, env, limit: seconds, signal },
      fault,
    );
    options.steps.push({ name: "build", command: command.join(" "), milliseconds });
  };
  if (options.prisma !== null) {
    const command = ["npx", "--no-install", "prisma", "generate", "--schema", options.prisma];
    await run(command, "Prisma's client could not be generated");
  }
  if (service.scripts["build"] === undefined) return;
  if (!needsBuild(service, folder)) {
    options.notes.push("build script not run: the start command does not need it");
    return;
  }
  await run(["npm", "run", "build"], "The app could not be built");
  options.notes.push("built by its `build` script");
}
