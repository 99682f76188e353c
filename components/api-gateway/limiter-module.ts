/** The module with the limiters: its text for this app, and the packages it needs. */
import type { Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Edit } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { importStatement } from "../../patches/editors/import-of.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { styleFor } from "../../patches/editors/source.ts";
import { fill } from "../../patches/fill.ts";
import type { Templates } from "../component.ts";
import { redisCommand, sharedRedis } from "../shared-redis.ts";
import { majority } from "./majority.ts";
import { errorBody } from "./refusal-shape.ts";
import type { LimiterKind } from "./limiters.ts";
import { storeNote } from "./store-note.ts";

/** Versions that fit each other, late 2026; `rate-limit-redis` 6 wants express-rate-limit 8.6 or newer. */
const versions = { "express-rate-limit": "^8.7.4", "rate-limit-redis": "^6.0.1" };

export interface LimiterModule {
  edits: Edit[];
  notes: string[];
}

/** The major version of express-rate-limit that the module is written for: the app's own, else the newest. */
export function limiterMajor({ dependencies }: Service): number {
  return Number(/\d+/.exec(dependencies["express-rate-limit"] ?? "")?.[0] ?? 8);
}

/** `failuresOnly`: every route with passwords refuses wrong ones by status, so that right ones need not count. */
export function limiterModule(
  file: string,
  kinds: ReadonlySet<LimiterKind>,
  failuresOnly: boolean,
  service: Service,
  model: Model,
  templates: Templates,
): LimiterModule {
  const current = limiterMajor(service) >= 8;
  const redis = current ? sharedRedis(model, service) : null;
  const style = styleFor(model.repo, file);
  const files = serverFiles(model, service).map((each) => model.repo.read(each) ?? "");
  const user = current ? userProperty(files) : null;
  const shown = Object.fromEntries((["auth", "code", "expensive"] as const).map((kind) => [kind, kinds.has(kind)]));
  const text = fill(templates(current ? "rate-limit.ts" : "rate-limit-7.ts"), {
    ...shown,
    failuresOnly,
    MESSAGE: errorBody(files),
    redis: redis !== null,
    REDIS_IMPORT: redis === null ? "" : importStatement(file, style, redis),
    COMMAND: redis === null ? "" : redisCommand(redis),
    perUser: user !== null && kinds.has("expensive"),
    USER_TYPE: user === null ? "" : typeOf(user),
    USER: user?.join("?.") ?? "",
  });
  const needed = [
    ...addDependency(service, "express-rate-limit", versions["express-rate-limit"]),
    ...(redis === null ? [] : addDependency(service, "rate-limit-redis", versions["rate-limit-redis"])),
  ];
  return {
    edits: [{ kind: "create", file, text: toDialect(text, style) }, ...needed],
    notes: [...(needed.length > 0 ? [installNote(service)] : []), storeNote(redis, service)],
  };
}

/** Where the app keeps who is logged in: `["user", "id"]` for `req.user.id`; null when it shows nowhere. */
function userProperty(files: readonly string[]): string[] | null {
  const place =
    /\breq(?:uest)?[!?]?\.((?:user|currentUser)[!?]?\.(?:id|_id|userId|uid|sub)|userId|user_id|auth[!?]?\.(?:userId|id|sub)|session[!?]?\.(?:userId|user[!?]?\.(?:id|_id)))\b/g;
  const seen = files.flatMap((text) => [...text.matchAll(place)].map((match) => (match[1] ?? "").replace(/[!?]/g, "")));
  return majority(seen)?.split(".") ?? null;
}

/** `{ user?: { id?: unknown } }` for `user.id`. */
function typeOf([first = "", ...rest]: readonly string[]): string {
  return `{ ${first}?: ${rest.length === 0 ? "unknown" : typeOf(rest)} }`;
}
