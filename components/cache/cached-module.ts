/** The app's own module with `cached` and `forget`: the one it has, or a new one on its Redis or in its memory. */
import { posix } from "node:path";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Edit } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { importStatement } from "../../patches/editors/import-of.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { styleFor } from "../../patches/editors/source.ts";
import { fill } from "../../patches/fill.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import { redisCommand, redisIsAway, sharedRedis, type SharedRedis } from "../shared-redis.ts";

export interface CachedModule {
  file: string;
  redis: SharedRedis | null;
  /** It is there already. */
  isOwn: boolean;
  /** It forgets by table. */
  forgets: boolean;
}

export function cachedModule(model: Model, service: Service): CachedModule {
  const files = serverFiles(model, service);
  const own = files.find((file) =>
    model.functions(file).some(({ exportedAs, params }) => exportedAs.includes("cached") && params.length === 3),
  );
  const redis = sharedRedis(model, service);
  if (own !== undefined) {
    const forgets = model.functions(own).some(({ exportedAs }) => exportedAs.includes("forget"));
    return { file: own, redis: (model.repo.read(own) ?? "").includes('"MGET"') ? redis : null, isOwn: true, forgets };
  }
  return {
    file: newFile(model.repo, folderFor(files, service), "cached", files[0] ?? "index.js"),
    redis,
    isOwn: false,
    forgets: true,
  };
}

/** Where the app keeps code that belongs to no route; else beside what starts it. */
function folderFor(files: readonly string[], service: Service): string {
  const folders = files
    .map((file) => posix.dirname(file))
    .filter((folder) => /(^|\/)(lib|libs|utils?|helpers|services|common)$/i.test(folder));
  const rank = (folder: string): string =>
    `${folder.split("/").length} ${["lib", "utils"].includes(posix.basename(folder)) ? 0 : 1} ${folder}`;
  const [best] = folders.toSorted((a, b) => rank(a).localeCompare(rank(b)));
  return (
    best ??
    posix.dirname(
      service.entry.find((file) => files.includes(file)) ?? files[0] ?? posix.join(service.root, "index.js"),
    )
  );
}

/** The new module's text and what it needs; nothing where it is there. */
export function moduleEdits(
  { file, redis, isOwn }: CachedModule,
  needs: { tables: boolean },
  model: Model,
  service: Service,
  templates: Templates,
): { edits: Edit[]; notes: string[] } {
  if (isOwn) return { edits: [], notes: [] };
  const style = styleFor(model.repo, file);
  const text = fill(templates(redis === null ? "cached.ts" : "cached-redis.ts"), {
    ...needs,
    REDIS_IMPORT: redis === null ? "" : importStatement(file, style, redis),
    COMMAND: redis === null ? "" : redisCommand(redis),
    AWAY: redis === null ? "" : redisIsAway(redis),
  });
  const dependency =
    redis === null ? addDependency(service, "lru-cache", isHeldBelow(model, service, 20) ? "^10.4.3" : "^11.5.3") : [];
  return {
    edits: [{ kind: "create", file, text: toDialect(text, style) }, ...dependency],
    notes: [
      redis === null
        ? "What is kept stands in the process's memory: with several replicas each has its own, and a write is forgotten by the one that made it. A Redis that the app exports a client of makes it one."
        : "What is kept stands in the app's Redis, for all replicas; while Redis is away every answer is made anew.",
      ...(dependency.length > 0 ? [installNote(service)] : []),
    ],
  };
}
