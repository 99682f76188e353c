/** The folders of a SvelteKit app's routes: what each holds, its path, and the layouts that apply to it. */
import { posix } from "node:path";
import type { FileNode } from "../../link/program.ts";
import { routePath } from "../file-routes.ts";

/** A folder below `src/routes`. */
export interface Folder {
  /** Names from `src/routes` down. */
  names: readonly string[];
  page: Page | null;
  /** `+server`. */
  endpoint: FileNode | null;
  layout: Page | null;
}

/** A page or a layout: its component, and what loads its data on the server, or on both sides. */
export interface Page {
  component: FileNode | null;
  server: FileNode | null;
  universal: FileNode | null;
  /** `+page@(app)`: the name of the folder whose layout is the next one up; null where nothing is skipped. */
  reset: string | null;
}

const ROUTE_FILE = /^\+(page|layout|server)(?:@([^.]*))?(\.server)?\.(svelte|[jt]s|svx|md)$/;

/** By the folder's names, joined. */
export function foldersOf(files: readonly FileNode[], root: string): Map<string, Folder> {
  const folders = new Map<string, Folder>();
  for (const file of files) {
    const below = posix.relative(root, file.path);
    const [, kind, reset, server, ending] = ROUTE_FILE.exec(posix.basename(below)) ?? [];
    if (kind === undefined || below.startsWith("..")) continue;
    const key = posix.dirname(below);
    const names = key === "." ? [] : key.split("/");
    const known = folders.get(key) ?? { names, page: null, endpoint: null, layout: null };
    folders.set(key, added(known, kind, { file, reset: reset ?? null, part: partOf(server, ending) }));
  }
  return folders;
}

function partOf(server: string | undefined, ending: string | undefined): "server" | "universal" | "component" {
  if (server !== undefined) return "server";
  return ending === "ts" || ending === "js" ? "universal" : "component";
}

interface Piece {
  file: FileNode;
  reset: string | null;
  part: ReturnType<typeof partOf>;
}

function added(folder: Folder, kind: string, { file, reset, part }: Piece): Folder {
  if (kind === "server") return part === "universal" ? { ...folder, endpoint: file } : folder;
  const known = (kind === "page" ? folder.page : folder.layout) ?? none;
  const page: Page = { ...known, [part]: file, reset: known.reset ?? reset };
  return kind === "page" ? { ...folder, page } : { ...folder, layout: page };
}

const none: Page = { component: null, server: null, universal: null, reset: null };

/** The layouts around a folder's page, the outermost first, without those that a reset skips. */
export function layoutsOf(folders: ReadonlyMap<string, Folder>, { names, page }: Folder): Page[] {
  const layouts: Page[] = [];
  let { length } = names;
  let reset = page?.reset ?? null;
  while (length >= 0) {
    if (reset !== null) length = above(names, length, reset);
    const layout = folders.get(names.slice(0, length).join("/") || ".")?.layout ?? null;
    reset = layout?.reset ?? null;
    if (layout !== null) layouts.unshift(layout);
    length -= 1;
  }
  return layouts;
}

/** How many of the names lead to the nearest folder of that name; the root for none. */
function above(names: readonly string[], length: number, name: string): number {
  return name === "" ? 0 : names.slice(0, length).lastIndexOf(name) + 1;
}

/** `/shop/:id`; names may hold characters as codes (`[x+2e]well-known`), for which a disk has no name. */
export function pathOf(names: readonly string[], base: string): string {
  const plain = names.map((name) =>
    name.replace(/\[[xu]\+([0-9a-f]{2,6}(?:-[0-9a-f]{2,6})*)\]/gi, (_, codes: string) =>
      codes
        .split("-")
        .map((code) => String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)))
        .join(""),
    ),
  );
  const path = routePath(plain);
  return base === "" ? path : path === "/" ? base : base + path;
}
