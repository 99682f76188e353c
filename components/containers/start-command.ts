/** The start script as the exec form of a container command, so that node itself is process 1 and gets its signals. */
import { launches } from "../../analyzers/services/command.ts";
import type { Service } from "../../analyzers/model.ts";

export interface StartCommand {
  argv: string[];
  /** False when the command needs a tool from the development dependencies (`tsx`) at run time. */
  prunable: boolean;
}

/** Null when the script does more than start one process: then nobody but its author knows what must be kept. */
export function startCommand(service: Service): StartCommand | null {
  const script = service.start;
  if (script === null) return plainEntry(service);
  const hooked = "prestart" in service.scripts || "poststart" in service.scripts;
  return hooked ? null : execForm(script, service);
}

/** One plain command as argv: `NODE_ENV=production node dist/index.js` -> `["node", "dist/index.js"]`. */
export function execForm(command: string, service: Service): StartCommand | null {
  if (/[;&|<>`$(){}*?\n"'\\]/.test(command)) return null;
  const words = command
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "exec" && word !== "cross-env" && !word.startsWith("NODE_ENV="));
  const [program, ...rest] = words;
  if (program === undefined || words.some((word) => /^[A-Z_]+=/.test(word))) return null;
  switch (program) {
    case "node":
      return rest.length === 0 ? null : { argv: ["node", ...rest], prunable: onlyProduction(rest, service) };
    case "tsx":
      return rest.includes("watch")
        ? null
        : { argv: ["node", "--import", "tsx", ...rest], prunable: "tsx" in service.dependencies };
    case "npm":
    case "yarn":
    case "pnpm":
      return viaScript(command, service);
    default:
      return null;
  }
}

/** `npm start` and `yarn serve` stand for a script of the app's own. */
function viaScript(command: string, service: Service): StartCommand | null {
  const [launch, ...more] = launches(command);
  if (launch?.kind !== "script" || more.length > 0 || launch.workspace !== null) return null;
  const script = service.scripts[launch.script];
  const hooked = `pre${launch.script}` in service.scripts || `post${launch.script}` in service.scripts;
  return script === undefined || hooked || /\b(npm|yarn|pnpm)\b/.test(script) ? null : execForm(script, service);
}

/** Without a start script npm would run `node server.js`; a single known entry in plain JavaScript is as clear. */
function plainEntry(service: Service): StartCommand | null {
  const [entry, ...more] = service.entry;
  if (entry === undefined || more.length > 0 || !/\.[cm]?js$/.test(entry)) return null;
  const file = service.root === "." ? entry : entry.slice(service.root.length + 1);
  return { argv: ["node", file], prunable: true };
}

/** `node -r ts-node/register x` needs its preloads where they are declared as development dependencies. */
function onlyProduction(args: readonly string[], service: Service): boolean {
  return args.every((arg, index) => {
    const preloads = ["-r", "--require", "--import", "--loader"].includes(args[index - 1] ?? "");
    const name = arg.startsWith("@") ? arg.split("/").slice(0, 2).join("/") : (arg.split("/")[0] ?? "");
    return !preloads || arg.startsWith(".") || name in service.dependencies;
  });
}
