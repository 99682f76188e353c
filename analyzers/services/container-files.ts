/** What Dockerfiles, compose files and Procfiles say about how the app is built and started. */
import { posix } from "node:path";
import { parseDocument } from "yaml";
import type { Place } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import { inFolder, lineHolding } from "./manifest.ts";

/** One Dockerfile, reduced to its last stage. `command` joins ENTRYPOINT and CMD; `nodeImage` is the tag of the node image. */
export interface Dockerfile {
  file: string;
  root: string;
  command: { text: string; place: Place } | null;
  expose: { port: number; place: Place } | null;
  nodeVersion: string | null;
}

export interface ComposeService extends Place {
  name: string;
  image: string | null;
  /** Folder that the service is built from, null when it only runs an image. */
  build: string | null;
  command: string | null;
  /** It does its work before the others start, and ends. */
  runsOnce: boolean;
  /** All that the file says of the service, as plain values. */
  block: Readonly<Record<string, unknown>>;
}

export interface ProcfileLine extends Place {
  name: string;
  command: string;
}

const DOCKERFILE = /^(dockerfile(\.[\w.-]+)?|[\w.-]+\.dockerfile|containerfile)$/i;
const COMPOSE = /^(docker-)?compose([.-][\w.-]+)?\.ya?ml$/i;

const COMPOSE_FOR_TESTS = /[.-](tests?|ci|e2e|generators?)([.-]|$)/i;

export function readDockerfiles(repo: Repo): Dockerfile[] {
  return repo.files
    .filter((file) => DOCKERFILE.test(posix.basename(file)) && !/(^|\/)\.|dockerignore$|\.(md|txt|[jt]s)$/i.test(file))
    .flatMap((file) => {
      const text = repo.read(file);
      return text === null ? [] : [parseDockerfile(file, text)];
    })
    .sort((a, b) => Number(isForDevelopment(a.file)) - Number(isForDevelopment(b.file)));
}

/** True when the last stage stands on an image with Python in it. */
export function isPythonImage(text: string): boolean {
  const last = [...text.matchAll(/^[ \t]*FROM\s+(\S+)/gim)].at(-1)?.[1] ?? "";
  return /python|uvicorn|gunicorn|astral-sh\/uv|pypy/i.test(last);
}

/** `Dockerfile.dev` and the like: evidence only when there is no other. */
export function isForDevelopment(file: string): boolean {
  return /(^|[.-])(dev|development|local|test|e2e)([.-]|$)/i.test(posix.basename(file));
}

function parseDockerfile(file: string, text: string): Dockerfile {
  const found: Dockerfile = { file, root: posix.dirname(file), command: null, expose: null, nodeVersion: null };
  let entrypoint = "";
  let entrypointLine = 0;
  for (const { word, rest, line } of instructions(text)) {
    if (word === "FROM") {
      entrypoint = "";
      found.command = null;
      found.nodeVersion = /(?:^|\/)node:(\d[\w.]*)/.exec(rest)?.[1] ?? found.nodeVersion;
    } else if (word === "EXPOSE") {
      const port = /\b(\d{2,5})\b/.exec(rest)?.[1];
      if (port !== undefined) found.expose = { port: Number(port), place: { file, line } };
    } else if (word === "ENTRYPOINT") {
      entrypoint = execForm(rest);
      entrypointLine = line;
    } else if (word === "CMD") {
      found.command = { text: `${entrypoint} ${execForm(rest)}`.trim(), place: { file, line } };
    }
  }
  if (found.command === null && entrypoint !== "")
    found.command = { text: entrypoint, place: { file, line: entrypointLine } };
  return found;
}

/** Instructions with continuation lines joined and comments dropped. */
function instructions(text: string): { word: string; rest: string; line: number }[] {
  const found: { word: string; rest: string; line: number }[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    const parts = [lines[index] ?? ""];
    if (/^\s*(#|$)/.test(parts[0] ?? "")) continue;
    while (isContinued(parts.at(-1)) && index + 1 < lines.length) parts.push(lines[++index] ?? "");
    const whole = parts.map((part) => (isContinued(part) ? part.slice(0, part.lastIndexOf("\\")) : part)).join(" ");
    const [, word, rest] = /^\s*(\w+)\s+(.*)$/s.exec(whole) ?? [];
    if (word !== undefined && rest !== undefined) found.push({ word: word.toUpperCase(), rest: rest.trim(), line });
  }
  return found;
}

function isContinued(line = ""): boolean {
  return line.trimEnd().endsWith("\\");
}

/** `["node", "x.js"]` as a command line; the shell form as it stands. */
function execForm(rest: string): string {
  if (!rest.startsWith("[")) return rest;
  try {
    const words: unknown = JSON.parse(rest);
    if (!Array.isArray(words)) return rest;
    return words.map((word) => (/\s/.test(String(word)) ? `'${String(word)}'` : String(word))).join(" ");
  } catch {
    return rest;
  }
}

export function readComposeServices(repo: Repo): ComposeService[] {
  return repo.files
    .filter((file) => COMPOSE.test(posix.basename(file)) && !COMPOSE_FOR_TESTS.test(posix.basename(file)))
    .flatMap((file) => composeServices(file, repo.read(file) ?? ""));
}

/** Others start when it has done its work and ended: migrations. */
function isAwaitedToEnd(name: string, waits: unknown): boolean {
  return record(record(waits)[name])["condition"] === "service_completed_successfully";
}

function composeServices(file: string, text: string): ComposeService[] {
  const services = record(record(parseYaml(text))["services"]);
  return Object.entries(services).map(([name, value]) => {
    const service = record(value);
    const build = service["build"];
    const context = typeof build === "string" ? build : record(build)["context"];
    return {
      name,
      file,
      line: lineHolding(text, new RegExp(`^[ \\t]+["']?${name.replace(/[^\w-]/g, ".")}["']?:`, "m")),
      image: typeof service["image"] === "string" ? service["image"] : null,
      build:
        typeof context === "string"
          ? inFolder(posix.dirname(file), context)
          : build === undefined
            ? null
            : posix.dirname(file),
      command: commandText(service["command"]) ?? commandText(service["entrypoint"]),
      runsOnce: Object.values(services).some((other) => isAwaitedToEnd(name, record(other)["depends_on"])),
      block: service,
    };
  });
}

function commandText(value: unknown): string | null {
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.length > 0 ? execForm(JSON.stringify(value)) : null;
}

/** Larger documents describe interfaces or hold data; the parser takes a second for each half megabyte of faults. */
const longestYaml = 200_000;
/** Several questions read the same few files: texts of this many stay known. */
const mostKnown = 100;
const parsed = new Map<string, unknown>();

/** The document as plain values; null when it is not YAML, or too long. A key that stands twice counts as it does for most readers: the last one. */
export function parseYaml(text: string): unknown {
  if (text.length > longestYaml) return null;
  if (parsed.has(text)) return parsed.get(text);
  const value = plain(text);
  if (parsed.size >= mostKnown) parsed.clear();
  parsed.set(text, value);
  return value;
}

/** Aliases are bounded against documents that explode. */
function plain(text: string): unknown {
  try {
    const document = parseDocument(text, { logLevel: "silent", prettyErrors: false, uniqueKeys: false });
    return document.errors.length > 0 ? null : document.toJS({ maxAliasCount: 100 });
  } catch {
    return null;
  }
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function readProcfile(repo: Repo, folder: string): ProcfileLine[] {
  const file = inFolder(folder, "Procfile");
  const text = file === null ? null : repo.read(file);
  if (file === null || text === null) return [];
  return text.split(/\r?\n/).flatMap((content, index) => {
    const [, name, command] = /^([\w-]+):\s*(.+)$/.exec(content) ?? [];
    return name === undefined || command === undefined
      ? []
      : [{ name, command: command.trim(), file, line: index + 1 }];
  });
}
