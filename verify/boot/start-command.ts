/** How the deploy target would start the app: the Dockerfile's command, the Procfile's web line, or the start script through its package manager. */
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Service } from "../../analyzers/model.ts";
import { readText } from "../workspace/package-json.ts";
import { findProgram } from "./machine.ts";

export interface StartCommand {
  /** Program and arguments. */
  command: string[];
  /** Where it comes from: `Dockerfile`, `Procfile`, `npm start`. */
  origin: string;
}

/** Init programs that only pass signals on; the lab signals the process itself. */
const inits = new Set([
  "tini",
  "dumb-init",
  "/sbin/tini",
  "/usr/bin/tini",
  "/usr/bin/dumb-init",
  "/usr/local/bin/dumb-init",
]);
const runnable = new Set(["node", "npm", "npx", "pnpm", "yarn", "bun", "tsx", "sh", "/bin/sh", "bash"]);

interface Instruction {
  name: string;
  rest: string;
}

/** Instructions of the last build stage, with continued lines joined. */
function lastStage(text: string): Instruction[] {
  const joined = text.replaceAll(/^\s*#.*$/gm, "").replaceAll(/\\\r?\n\s*/g, " ");
  const all = joined.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*([A-Za-z]+)\s+(.*)$/.exec(line);
    return match ? [{ name: (match[1] ?? "").toUpperCase(), rest: (match[2] ?? "").trim() }] : [];
  });
  return all.slice(
    Math.max(
      all.findLastIndex((one) => one.name === "FROM"),
      0,
    ),
  );
}

/** Exec form as it is, shell form through a shell. */
function wordsOf(rest: string): string[] {
  if (!rest.startsWith("[")) return ["/bin/sh", "-c", rest];
  try {
    const parsed: unknown = JSON.parse(rest);
    return Array.isArray(parsed) ? parsed.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function withoutInit(command: string[]): string[] {
  const [first = "", ...rest] = command;
  if (!inits.has(first)) return command;
  const start = rest.findIndex((word) => !word.startsWith("-"));
  return start < 0 ? [] : rest.slice(start);
}

/** A path of the image in terms of the working copy. */
function inWorkingCopy(word: string, workdir: string): string {
  return isAbsolute(word) && workdir !== "/" && word.startsWith(`${workdir}/`)
    ? `./${word.slice(workdir.length + 1)}`
    : word;
}

const looksLikeFile = (word: string): boolean => /^\.{0,2}\/?[\w@./-]+\.(?:[cm]?[jt]s|sh)$/.test(word);

/** What Node (or a runner of TypeScript) is told to run: the first word after it that is no flag. */
function scriptOf(words: readonly string[]): string[] {
  const at = words.findIndex((word) => word === "node" || word === "tsx");
  const script = at < 0 ? undefined : words.slice(at + 1).find((word) => !word.startsWith("-"));
  return script === undefined ? [] : [script];
}

function exists(folder: string, file: string): boolean {
  return (
    !isAbsolute(file) && [file, `${file}.js`, join(file, "index.js")].some((path) => existsSync(join(folder, path)))
  );
}

/** The image's command when it can be run as it stands in the working copy, null otherwise. */
function dockerCommand(text: string, folder: string): string[] | null {
  const stage = lastStage(text);
  const last = (name: string): string => stage.findLast((one) => one.name === name)?.rest ?? "";
  const workdir = last("WORKDIR").replace(/\/$/, "");
  const parts = [last("ENTRYPOINT"), last("CMD")].filter((rest) => rest !== "").flatMap(wordsOf);
  const command = withoutInit(parts).map((word) => inWorkingCopy(word, workdir));
  const [program = ""] = command;
  const words = command.flatMap((word) => word.split(/\s+/));
  const files = [...words.filter(looksLikeFile), ...scriptOf(words)];
  const isHere = files.every((file) => exists(folder, file));
  return runnable.has(program) && isHere ? command : null;
}

function procfileWeb(folder: string): string | null {
  return /^web:\s*(.+)$/m.exec(readText(folder, "Procfile") ?? "")?.[1]?.trim() ?? null;
}

/** The command of a prepared service folder; null when nothing says how the app is started. */
export function startCommand(service: Service, folder: string): StartCommand | null {
  const dockerfile = readText(folder, "Dockerfile");
  const docker = dockerfile === null ? null : dockerCommand(dockerfile, folder);
  if (docker !== null) return { command: docker, origin: "as the Dockerfile says" };
  const web = procfileWeb(folder);
  if (web !== null) return { command: ["/bin/sh", "-c", web], origin: "as the Procfile says" };
  if (service.scripts["start"] !== undefined) {
    const wanted = service.packageManager ?? "npm";
    const manager = findProgram(wanted) === null ? "npm" : wanted;
    return {
      command: [manager, ...(manager === "bun" ? ["run", "start"] : ["start"])],
      origin: `by \`${manager} start\``,
    };
  }
  if (service.start !== null) return { command: ["/bin/sh", "-c", service.start], origin: `by \`${service.start}\`` };
  const entry = service.entry.find((file) => existsSync(join(folder, file)));
  return entry === undefined ? null : { command: ["node", entry], origin: `by \`node ${entry}\`` };
}
