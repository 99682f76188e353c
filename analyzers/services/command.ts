/** What a shell command of a script, Dockerfile or Procfile starts: files, other scripts, or tools. No shell is ever run. */
import { posix } from "node:path";

/** `folder` is relative to where the command runs; `by` is the program that runs the file. */
export type Launch =
  | { kind: "file"; file: string; folder: string; by: string }
  | { kind: "script"; script: string; folder: string; workspace: string | null }
  | { kind: "tool"; tool: string; args: string[]; folder: string };

/** Programs whose first plain argument is the file they run, with their options that take a value. */
const RUNNERS: Record<string, ReadonlySet<string>> = {
  node: new Set([
    "-r",
    "--require",
    "--import",
    "--loader",
    "--experimental-loader",
    "-C",
    "--conditions",
    "--env-file",
  ]),
  "ts-node": new Set(["-P", "--project", "-r", "--require", "-O", "--compiler-options", "--cwd", "-C", "--compiler"]),
  tsx: new Set(["--tsconfig", "--env-file", "-r", "--require", "--import", "--include", "--exclude", "--ignore"]),
  "ts-node-dev": new Set([
    "-P",
    "--project",
    "-r",
    "--require",
    "--ignore-watch",
    "--watch",
    "--interval",
    "-O",
    "--debounce",
  ]),
  nodemon: new Set([
    "-w",
    "--watch",
    "-e",
    "--ext",
    "-i",
    "--ignore",
    "-d",
    "--delay",
    "--config",
    "-s",
    "--signal",
    "-r",
    "--require",
  ]),
  "babel-node": new Set(["-r", "--require", "--presets", "-x", "--extensions", "--config-file"]),
  bun: new Set(["--env-file", "--preload", "-r", "--cwd"]),
  deno: new Set(["--import-map", "--config", "-c", "--lock", "--port", "--host"]),
  forever: new Set(["-l", "-o", "-e", "--uid", "-c", "-m"]),
  pm2: new Set([
    "-i",
    "--instances",
    "--name",
    "-n",
    "--env",
    "--interpreter",
    "-o",
    "-e",
    "-l",
    "--max-memory-restart",
  ]),
};
const ALIASES: Record<string, string> = {
  nodejs: "node",
  "ts-node-esm": "ts-node",
  "ts-node-script": "ts-node",
  "ts-node-transpile-only": "ts-node",
  tsnd: "ts-node-dev",
  "swc-node": "node",
  esno: "tsx",
  "vite-node": "tsx",
  jiti: "tsx",
  "pm2-runtime": "pm2",
  "pm2-dev": "pm2",
};
const RUNNER_VERBS = new Set(["watch", "run", "start", "--"]);
const DENO_VERBS = new Set(["run", "serve"]);
/** Programs that only prepare the environment of the command after them. */
const PREFIXES = new Set([
  "cross-env",
  "cross-env-shell",
  "env",
  "exec",
  "sudo",
  "time",
  "nohup",
  "npx",
  "bunx",
  "dumb-init",
  "tini",
  "su-exec",
  "gosu",
]);
/** Programs that wait or load settings first; the command follows `--`, or their options when there is no `--`. */
const WRAPPERS = new Set([
  "dotenv",
  "dotenvx",
  "env-cmd",
  "doppler",
  "infisical",
  "op",
  "wait-for-it",
  "wait-for-it.sh",
  "wait-on",
]);
const WRAPPER_VALUES = new Set(["-f", "-e", "-c", "--file", "--environments", "-t", "--timeout"]);
const PACKAGE_MANAGERS = new Set(["npm", "yarn", "pnpm"]);
const PARALLEL = new Set(["concurrently", "npm-run-all", "npm-run-all2", "run-p", "run-s", "conc"]);
const NOT_A_SCRIPT = new Set([
  "install",
  "ci",
  "i",
  "add",
  "prune",
  "exec",
  "dlx",
  "audit",
  "publish",
  "pack",
  "version",
  "config",
  "cache",
  "rebuild",
  "init",
  "create",
]);

/** Everything the command starts, in order. `depth` bounds commands inside commands. */
export function launches(command: string, depth = 0): Launch[] {
  if (depth > 4 || command.length > 4000) return [];
  let folder = ".";
  const found: Launch[] = [];
  for (const words of simpleCommands(command)) {
    const [program, ...rest] = withoutPrefix(words);
    if (program === undefined) continue;
    if (program === "cd" && rest[0] !== undefined) folder = posix.join(folder, rest[0]);
    else
      found.push(
        ...launchesOf(program, rest, depth).map((launch) => ({ ...launch, folder: posix.join(folder, launch.folder) })),
      );
  }
  return found;
}

function launchesOf(program: string, args: string[], depth: number): Launch[] {
  const name = posix.basename(program);
  const runner = ALIASES[name] ?? name;
  if (name === "sh" || name === "bash" || name === "ash") return shell(args, depth);
  if (PARALLEL.has(name)) return parallel(name, args, depth);
  const inner = innerCommand(name, args);
  if (inner !== null) return launches(nodemonCommand(name, inner, args), depth + 1);
  if (PACKAGE_MANAGERS.has(name)) return packageManager(name, args, depth);
  const valueOptions = RUNNERS[runner];
  if (valueOptions === undefined) return [{ kind: "tool", tool: name, args, folder: "." }];
  if (args.some((arg) => arg === "-e" || arg === "--eval" || arg === "-p") && runner === "node") return [];
  if (name === "node" && args.includes("--test")) return [];
  const file = firstPlain(args, valueOptions, runner === "deno" ? DENO_VERBS : RUNNER_VERBS);
  if (file === null) return [{ kind: "tool", tool: name, args, folder: "." }];
  if (runner === "bun" && !/[./]/.test(file)) return [{ kind: "script", script: file, folder: ".", workspace: null }];
  return [{ kind: "file", file, folder: ".", by: runner }];
}

function shell(args: string[], depth: number): Launch[] {
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  const script = at >= 0 ? args[at + 1] : undefined;
  return script === undefined ? [{ kind: "tool", tool: "sh", args, folder: "." }] : launches(script, depth + 1);
}

/** The command that a watcher runs: `nodemon --exec "x"`, `tsc-watch --onSuccess "x"`. */
function innerCommand(name: string, args: string[]): string | null {
  const flags = name === "nodemon" ? ["-x", "--exec"] : ["--onSuccess", "--on-success", "--exec"];
  for (const [index, arg] of args.entries()) {
    const flag = flags.find((each) => arg === each || arg.startsWith(`${each}=`));
    if (flag !== undefined) return arg === flag ? (args[index + 1] ?? null) : arg.slice(flag.length + 1);
  }
  return null;
}

/** `nodemon --exec ts-node src/x.ts`: the file may stand outside the quoted command. */
function nodemonCommand(name: string, inner: string, args: string[]): string {
  const at = args.indexOf(inner);
  const after = at >= 0 ? args.slice(at + 1) : [];
  return name === "nodemon" && after.length > 0 ? `${inner} ${after.join(" ")}` : inner;
}

function parallel(name: string, args: string[], depth: number): Launch[] {
  const commands = args.filter((arg) => !arg.startsWith("-"));
  if (name === "concurrently" || name === "conc") {
    return commands
      .filter((each) => each.includes(" ") || each.includes(":"))
      .flatMap((each) => launches(each.replace(/^(npm|yarn|pnpm):/, "$1 run "), depth + 1));
  }
  return commands.map((script) => ({ kind: "script", script, folder: ".", workspace: null }));
}

const FOLDER_OPTIONS = ["--prefix", "-C", "--dir", "--cwd"];
const WORKSPACE_OPTIONS = ["--workspace", "-w", "--filter", "-F"];

function packageManager(name: string, args: string[], depth: number): Launch[] {
  const folder = optionValue(args, FOLDER_OPTIONS) ?? ".";
  let workspace = optionValue(args, WORKSPACE_OPTIONS);
  let plain = plainArguments(args, new Set([...FOLDER_OPTIONS, ...WORKSPACE_OPTIONS]));
  if (name === "yarn" && plain[0] === "workspace") {
    workspace = plain[1] ?? null;
    plain = plain.slice(2);
  }
  if (plain[0] === "exec" || plain[0] === "dlx") return launches(plain.slice(1).join(" "), depth + 1);
  const isNamed = plain[0] === "run" || plain[0] === "run-script";
  const script = isNamed ? plain[1] : plain[0];
  if (script === undefined || (!isNamed && NOT_A_SCRIPT.has(script))) return [];
  if (script in RUNNERS || script in ALIASES) return launches(plain.join(" "), depth + 1);
  return [{ kind: "script", script, folder, workspace }];
}

function optionValue(args: string[], names: string[]): string | null {
  for (const [index, arg] of args.entries()) {
    const name = names.find((each) => arg === each || arg.startsWith(`${each}=`));
    if (name !== undefined) return arg === name ? (args[index + 1] ?? null) : arg.slice(name.length + 1);
  }
  return null;
}

function plainArguments(args: string[], valueOptions: ReadonlySet<string>): string[] {
  return args.filter((arg, index) => !arg.startsWith("-") && !valueOptions.has(args[index - 1] ?? ""));
}

function firstPlain(args: string[], valueOptions: ReadonlySet<string>, verbs: ReadonlySet<string>): string | null {
  const plain = plainArguments(args, valueOptions);
  return plain.find((arg, index) => !(index === 0 && plain.length > 1 && verbs.has(arg))) ?? null;
}

function withoutPrefix(words: string[]): string[] {
  let rest = words;
  for (let guard = 0; guard < 12; guard++) {
    const head = rest[0];
    if (head === undefined) return [];
    const base = posix.basename(head);
    if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(head)) rest = rest.slice(1);
    else if (WRAPPERS.has(base)) rest = wrapped(rest);
    else if (PREFIXES.has(base)) rest = afterOptions(rest.slice(1));
    else return rest;
  }
  return rest;
}

function wrapped(words: string[]): string[] {
  const dashes = words.indexOf("--");
  if (dashes > 0) return words.slice(dashes + 1);
  const plain = plainArguments(words.slice(1), WRAPPER_VALUES);
  return plain[0] === "run" ? plain.slice(1) : plain;
}

function afterOptions(words: string[]): string[] {
  const at = words.findIndex((word) => !word.startsWith("-"));
  return at < 0 ? [] : words.slice(at);
}

/** Splits at `&&`, `||`, `;`, `|`, `&` and line ends, then into words; quotes group, backslashes escape. */
function simpleCommands(command: string): string[][] {
  const commands: string[][] = [[]];
  const pattern = /&&|\|\||[;|&\n()]|(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s;|&()"'\\])+/g;
  for (const [token] of command.matchAll(pattern)) {
    if (/^(?:&&|\|\||[;|&\n()])$/.test(token)) commands.push([]);
    else commands.at(-1)?.push(unquoted(token));
  }
  return commands.filter((words) => words.length > 0);
}

function unquoted(token: string): string {
  return token.replace(
    /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double === undefined ? (single ?? escaped ?? "") : double.replace(/\\(["\\$`])/g, "$1"),
  );
}
