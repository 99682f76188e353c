/** The module by which handlers limit: its place, its text for this app, the package that counts for it. */
import { posix } from "node:path";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { EnvVar } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { importStatement } from "../../patches/editors/import-of.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { styleFor } from "../../patches/editors/source.ts";
import { fill } from "../../patches/fill.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import { countsRange } from "./limit-chain.ts";
import type { Used } from "./limit-handlers.ts";
import type { Wanted, Work } from "./limit-work.ts";
import { answersPlainly, errorBodyBefore, refusalText } from "./refusal-shape.ts";
import { storeNote } from "./store-note.ts";
import { type SharedRedis, sharedRedis, sharedUpstash } from "../shared-redis.ts";

/** Versions that fit each other, late 2026 (the `peerDependencies` of the first). */
const versions = { "@upstash/ratelimit": "^2.2.0", "@upstash/redis": "^1.39.0" };

export const upstashVariables: readonly EnvVar[] = [
  {
    name: "UPSTASH_REDIS_REST_URL",
    example: "https://name.upstash.io",
    note: "Redis over HTTP, in which all instances count attempts together. Unset: nothing is limited",
  },
  { name: "UPSTASH_REDIS_REST_TOKEN", example: "token", note: "The key to it" },
];

export type HandlerStore =
  | { kind: "upstash"; client: SharedRedis | null }
  | { kind: "redis"; client: SharedRedis }
  | { kind: "memory"; client: null };

export function handlerStore(model: Model, service: Service): HandlerStore {
  const upstash = sharedUpstash(model, service);
  const hasUpstash = upstash !== null || service.dependencies["@upstash/redis"] !== undefined;
  if (hasUpstash) return { kind: "upstash", client: upstash };
  const redis = sharedRedis(model, service);
  if (redis !== null) return { kind: "redis", client: redis };
  return isServerless(model, service) ? { kind: "upstash", client: null } : { kind: "memory", client: null };
}

/** Among the app's own libraries where it has a folder for them. */
export function moduleFile(model: Model, { root, language }: Service, wanted: readonly Wanted[]): string {
  const inRoot = (path: string): string => posix.join(root, path);
  const holds = (folder: string): boolean => model.repo.files.some((file) => file.startsWith(`${inRoot(folder)}/`));
  const src = wanted.some(({ open }) => open.route.file.startsWith(`${inRoot("src")}/`)) ? "src/" : "";
  const names = ["lib", "libs", "utils", "helpers"].map((name) => `${src}${name}`);
  const folder = inRoot(names.find(holds) ?? `${src}lib`);
  return newFile(model.repo, folder, "rate-limit", `it.${language === "typescript" ? "ts" : "js"}`);
}

export function handlerModule(
  file: string,
  { forms, kinds, perUser, store, service, model }: Used & { store: HandlerStore; service: Service; model: Model },
  templates: Templates,
): Pick<Work, "edits" | "notes"> {
  const { client } = store;
  const style = { ...styleFor(model.repo, file), modules: "esm" as const };
  const files = serverFiles(model, service).map((each) => model.repo.read(each) ?? "");
  const text = fill(templates("rate-limit-handlers.ts"), {
    ...Object.fromEntries((["auth", "code", "expensive"] as const).map((kind) => [kind, kinds.has(kind)])),
    routes: forms.has("tooManyResponse"),
    pages: forms.has("sendTooMany"),
    actions: forms.has("tooMany"),
    headers: forms.has("tooManyResponse") || forms.has("tooMany"),
    perUser,
    plain: answersPlainly(files),
    TEXT: refusalText,
    MESSAGE: errorBodyBefore(files),
    upstash: store.kind === "upstash",
    redis: store.kind === "redis",
    memory: store.kind === "memory",
    flexible: store.kind !== "upstash",
    client: client !== null,
    nodeRedis: client !== null && !client.api.startsWith("ioredis:"),
    CLIENT: client?.local ?? "redis",
    REDIS_OPTION: client === null || client.local === "redis" ? "redis" : `redis: ${client.local}`,
    CLIENT_IMPORT: client === null ? "" : importStatement(file, style, client),
  });
  const names = store.kind === "upstash" ? (["@upstash/ratelimit", "@upstash/redis"] as const) : [];
  const needed = [
    ...names.flatMap((name) => addDependency(service, name, versions[name])),
    ...(store.kind === "upstash" ? [] : addDependency(service, "rate-limiter-flexible", countsRange)),
  ];
  return {
    edits: [{ kind: "create", file, text: toDialect(text, style) }, ...needed],
    notes: [...(needed.length > 0 ? [installNote(service)] : []), noteOf(store, service)],
  };
}

function noteOf(store: HandlerStore, service: Service): string {
  if (store.kind === "redis") return storeNote(store.client, service);
  if (store.kind === "upstash")
    return store.client === null
      ? "Attempts are counted in a Redis that speaks HTTP (Upstash): nothing is limited until UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN are set."
      : "All instances count together in the app's Upstash Redis; while it is away, requests pass without a limit.";
  return `${storeNote(null, service)} On a host that runs functions the counts are forgotten with them: there it takes a Redis such as Upstash.`;
}
