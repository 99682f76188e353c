/** The few source lines around the places that something is about. */
import type { Place } from "../analyzers/model.ts";
import type { Repo } from "../analyzers/repo/repo.ts";

export interface Excerpt {
  file: string;
  /** Number of its first line. */
  line: number;
  text: string;
}

/** Settings of real deployments: their values are nobody's business, so none of their lines is shown. */
const settings = /(^|\/)\.env(?!\.(?:example|sample|template|dist|defaults?)$)[\w.]*$/;
/** Lines longer than this are cut: they are data or minified code. */
const longest = 300;

/** `around` lines before and after each place, overlapping stretches joined; files that cannot be read are left out. */
export function excerptsOf(repo: Repo, places: readonly Place[], around: number): Excerpt[] {
  const files = [...new Set(places.map(({ file }) => file))].filter((file) => !settings.test(file));
  return files.flatMap((file) => {
    const lines = repo.read(file)?.replaceAll("\r\n", "\n").split("\n") ?? [];
    const wanted = places.filter((place) => place.file === file).map(({ line }) => line);
    return stretches(wanted, around, lines.length).map(([from, to]) => ({
      file,
      line: from,
      text: lines
        .slice(from - 1, to)
        .map((line) => (line.length > longest ? `${line.slice(0, longest)}…` : line))
        .join("\n"),
    }));
  });
}

/** First and last line of each stretch, in order. */
function stretches(lines: readonly number[], around: number, end: number): [number, number][] {
  const joined: [number, number][] = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const [from, to] = [Math.max(1, line - around), Math.min(end, line + around)];
    const last = joined.at(-1);
    if (from > to) continue;
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
