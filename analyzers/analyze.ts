/** Reads a source tree and links it: extract each file, then join the facts. */
import { extractAll } from "./extract/all.ts";
import { modelOf } from "./model-of.ts";
import type { Model } from "./model.ts";
import { defaultCacheFolder } from "./repo/cache.ts";
import type { Repo } from "./repo/repo.ts";

export interface AnalyzeOptions {
  /** Where summaries are kept between runs, outside the repo; null keeps none. Default {@link defaultCacheFolder}. */
  cacheFolder?: string | null;
}

/** The model of the app. Never fails on what a file holds: what could not be read or understood is in `skipped`. */
export async function analyze(repo: Repo, options: AnalyzeOptions = {}): Promise<Model> {
  const { cacheFolder = defaultCacheFolder() } = options;
  const { summaries, timings } = await extractAll(repo, { cacheFolder });
  return modelOf(repo, summaries, { ...timings });
}
