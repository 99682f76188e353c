/** Paths of routes that are files: what the names of folders mean, and the path that they make together. */

/** What a folder's name means for the path: its part of it, null when it has none. */
export type Segment = (name: string) => string | null;

/** The path of folders, as `Route.path` writes it: `["users", "[id]"]` is `/users/:id`. */
export function routePath(folders: readonly string[], segment: Segment = bracketed): string {
  return `/${folders.flatMap((folder) => segment(folder) ?? []).join("/")}`;
}

/**
 * Names as Next, SvelteKit and Nuxt write them. `[id]` is `:id`, `[...rest]` is `*rest`, with or without a second pair of
 * brackets around it; `[[lang]]` is `:lang?`; `[id=integer]` is matched in some way, but still `:id`. `(group)` is no part
 * of the path.
 */
function bracketed(name: string): string | null {
  if (/^\([^.()][^()]*\)$/.test(name)) return null;
  return name
    .replace(/\[\[\.\.\.([\w-]+)\]\]|\[\.\.\.([\w-]+)(?:=\w+)?\]/g, (_, optional, rest) => `*${optional ?? rest}`)
    .replace(/\[\[([\w-]+)(?:=\w+)?\]\]/g, ":$1?")
    .replace(/\[([\w-]+)(?:=\w+)?\]/g, ":$1");
}

/**
 * Names below Next's `app/`: also `@slot` is no part of the path, and `(.)photo`, which shows a page inside another one,
 * stands for the page it shows.
 */
export function nextSegment(name: string): string | null {
  return name.startsWith("@") ? null : bracketed(name.replace(/^(\(\.{1,3}\))+/, ""));
}
