/** All source files of a repo to their summaries: from the cache where the content is known, extracted where it is not. */
import { hash } from "node:crypto";
import { cached, cacheFile, emptyCache, readCache, writeCache, type Cache } from "../repo/cache.ts";
import type { Repo } from "../repo/repo.ts";
import { isComponent, isSource } from "../repo/source-file.ts";
import { isTestFile } from "../services/file-roles.ts";
import type { Summary } from "../summary.ts";
import type { Encoded } from "./codec.ts";
import { decode, encode } from "./encoding.ts";
import { extract, extractorVersion } from "./extract.ts";
import { extractOnThread, shares } from "./threads.ts";

export { defaultCacheFolder } from "../repo/cache.ts";

export interface Extraction {
  /** By file, in the repo's order. */
  summaries: Map<string, Summary>;
  /** Milliseconds. */
  timings: { load: number; extract: number; save: number };
}

export interface ExtractOptions {
  /** Where summaries are kept between runs, outside the repo; null for nowhere. See {@link defaultCacheFolder}. */
  cacheFolder: string | null;
  /** Threads to extract on; chosen by the amount of text when absent. */
  threads?: number;
}

interface Source {
  file: string;
  text: string;
  /** Content hash, and the part of the name that decides how the text is read. */
  key: string;
}

/** A summary, and its encoded form for the cache. */
interface Extracted {
  key: string;
  summary: Summary;
  encoded: Encoded | null;
}

/** Extracts every source file of a repo. Never fails: a file that cannot be read has a summary that says why. */
export async function extractAll(repo: Repo, { cacheFolder, threads }: ExtractOptions): Promise<Extraction> {
  const started = performance.now();
  const sources = sourcesOf(repo);
  const file = cacheFolder === null ? null : cacheFile(cacheFolder, repo.root);
  const cache = file === null ? emptyCache : readCache(file, extractorVersion);
  const extracted = new Map<string, Extracted>();
  const fresh = sources.filter((source) => !addCached(extracted, cache, source));
  const loaded = performance.now();
  await addFresh(extracted, fresh, threads, file !== null);
  const done = performance.now();
  if (file !== null && isStale(cache, extracted, fresh.length)) save(file, extracted);
  const summaries = new Map(
    sources.flatMap(({ file }) => {
      const summary = extracted.get(file)?.summary;
      return summary === undefined ? [] : [[file, summary] as const];
    }),
  );
  return {
    summaries,
    timings: { load: loaded - started, extract: done - loaded, save: performance.now() - done },
  };
}

function sourcesOf(repo: Repo): Source[] {
  const isRead = (file: string) => isSource(file) || isComponent(file);
  return repo.files.filter(isRead).flatMap((file) => {
    const text = repo.read(file);
    if (text === null) return [];
    const [kind = ""] = /(?:\.d)?\.\w+$/.exec(file) ?? [];
    const role = isTestFile(file) ? ".test" : "";
    return [{ file, text, key: hash("sha1", text, "base64url") + role + kind }];
  });
}

function addCached(extracted: Map<string, Extracted>, cache: Cache, { file, key }: Source): boolean {
  const encoded = cached(cache, key);
  if (encoded === null) return false;
  extracted.set(file, { key, summary: decode(encoded), encoded });
  return true;
}

/** Extracts on this thread and, when there is much to do, on others beside it. */
async function addFresh(
  extracted: Map<string, Extracted>,
  fresh: readonly Source[],
  threads: number | undefined,
  isKept: boolean,
): Promise<void> {
  const [own = [], ...others] = shares(fresh, threads);
  const started = others.map((share) => ({ share, result: extractOnThread(share) }));
  const extractHere = (share: readonly Source[]): void => {
    for (const { file, text, key } of share) {
      const summary = extract(file, text);
      extracted.set(file, { key, summary, encoded: isKept ? encode(summary) : null });
    }
  };
  extractHere(own);
  for (const { share, result } of started) {
    const made = await result;
    if (made === null) extractHere(share);
    else {
      share.forEach(({ file, key }, index) => {
        const encoded = made[index];
        if (encoded !== undefined) extracted.set(file, { key, summary: decode(encoded), encoded });
      });
    }
  }
}

/** A cache is written again when something is new, or when half of it is about files that are gone. */
function isStale(cache: Cache, extracted: ReadonlyMap<string, Extracted>, fresh: number): boolean {
  return fresh > 0 || cache.entries.size > 2 * extracted.size;
}

function save(file: string, extracted: ReadonlyMap<string, Extracted>): void {
  const entries = new Map<string, Encoded>();
  for (const { key, encoded } of extracted.values()) if (encoded !== null) entries.set(key, encoded);
  writeCache(file, extractorVersion, entries);
}
