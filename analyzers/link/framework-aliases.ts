/** Aliases that a framework gives without a line in tsconfig.json: its own file for that is only made when the app is built. */
import { posix } from "node:path";
import type { Repo } from "../repo/repo.ts";
import { foldersAround } from "./packages.ts";

/** `pattern` and `targets` as in tsconfig's `paths`; targets are relative to the repo's root. */
export interface Alias {
  pattern: string;
  targets: readonly string[];
}

interface Kind {
  config: string;
  /** What the configuration must hold to be the framework's. */
  holds?: string;
  /** Folders, relative to the configuration's own; where several are named, the first one with the file counts. */
  aliases: Readonly<Record<string, readonly string[]>>;
}

const KINDS: readonly Kind[] = [
  { config: "svelte.config", aliases: { $lib: ["src/lib"] } },
  { config: "vite.config", holds: "@sveltejs/kit/vite", aliases: { $lib: ["src/lib"] } },
  {
    config: "nuxt.config",
    aliases: {
      "~": ["app", ".", "src"],
      "@": ["app", ".", "src"],
      "~~": ["."],
      "@@": ["."],
      "#shared": ["shared"],
      "#server": ["server"],
    },
  },
  { config: "nitro.config", aliases: { "~": ["."], "@": ["."], "~~": ["."], "@@": ["."] } },
];
const ENDINGS = ["js", "ts", "mjs", "mts"];
/** `alias: { $server: "src/server", "@db": path.resolve("./db") }` */
const WRITTEN = /\balias:\s*\{([^{}]*)\}/g;
const ENTRY = /["']?([\w$@#~/.*-]+)["']?\s*:\s*(?:[\w.]+\([^)"'`]*)?["'`]([^"'`]+)["'`]/g;

/** The aliases that hold for a file: those of the configurations in its folder and above, the nearest first. */
export function frameworkAliases(repo: Repo): (file: string) => readonly Alias[] {
  const byFolder = new Map<string, readonly Alias[]>();
  const inFolder = (folder: string): readonly Alias[] => {
    const found = byFolder.get(folder) ?? KINDS.flatMap((kind) => aliasesIn(repo, folder, kind));
    byFolder.set(folder, found);
    return found;
  };
  return (file) => foldersAround(file).flatMap(inFolder);
}

function aliasesIn(repo: Repo, folder: string, { config, holds, aliases }: Kind): Alias[] {
  const file = ENDINGS.map((ending) => posix.join(folder, `${config}.${ending}`)).find((each) => repo.has(each));
  const text = file === undefined ? null : repo.read(file);
  if (text === null || (holds !== undefined && !text.includes(holds))) return [];
  const own = Object.entries(aliases).flatMap(([name, folders]) => starred(folder, name, folders));
  return [...writtenIn(folder, text), ...own];
}

function writtenIn(folder: string, text: string): Alias[] {
  return [...text.matchAll(WRITTEN)].flatMap(([, entries = ""]) =>
    [...entries.matchAll(ENTRY)].flatMap(([, name = "", target = ""]) =>
      target.startsWith("/") ? [] : starred(folder, name, [target]),
    ),
  );
}

/** An alias stands for its folder and for all that lies below it. */
function starred(folder: string, name: string, targets: readonly string[]): Alias[] {
  const inside = targets.map((target) => posix.join(folder, target.replace(/\/$/, "")));
  if (name.endsWith("*")) return [{ pattern: name, targets: inside }];
  return [
    { pattern: name, targets: inside },
    { pattern: `${name}/*`, targets: inside.map((target) => posix.join(target, "*")) },
  ];
}
