/** The files that speak to the bucket, in the app's dialect, and what they need. */
import { posix } from "node:path";
import { isHeldBelow } from "../../../analyzers/deployment/node-version.ts";
import { expressApps } from "../../../analyzers/serving/express-apps.ts";
import type { Model, Service } from "../../../analyzers/model.ts";
import type { Edit, EnvVar } from "../../../patches/edit.ts";
import { toDialect } from "../../../patches/editors/dialect.ts";
import { addEnv } from "../../../patches/editors/dotenv.ts";
import { importStatement } from "../../../patches/editors/import-of.ts";
import { addDependency, addScript, installNote } from "../../../patches/editors/package-json.ts";
import { styleFor } from "../../../patches/editors/source.ts";
import { specifierFor } from "../../../patches/editors/specifier.ts";
import { fill } from "../../../patches/fill.ts";
import { newFile } from "../../../patches/new-file.ts";
import { appLogger } from "../../app-logger.ts";
import type { Templates } from "../../component.ts";
import type { Change } from "./change.ts";
import { isOnFunctions, type Family } from "./families.ts";
import { nextLibrary } from "./next-routes.ts";

const packages = ["@aws-sdk/client-s3", "@aws-sdk/lib-storage"];
/** Both come out together: those of late 2026, and the last ones whose `engines` admit Node 18. */
const today = "^3.1169.0";
const forNode18 = "~3.967.0";

export const settings: readonly EnvVar[] = [
  { name: "S3_BUCKET", example: "my-app-files", note: "Bucket for users' files; without it they stay on the disk" },
  {
    name: "S3_ENDPOINT",
    example: "http://localhost:8333",
    note: "Address of the S3 service; leave it out for Amazon's own",
  },
  { name: "S3_REGION", example: "us-east-1", note: "Region of the bucket" },
  { name: "AWS_ACCESS_KEY_ID", example: "", note: "Key for the bucket; hosts with roles need none" },
  { name: "AWS_SECRET_ACCESS_KEY", example: "", note: "Its secret" },
];

/** Paths of the store's files. */
export interface Store {
  family: Family;
  bucket: string;
  storage: string;
  answer: string;
  serving: string;
}

export function storeOf(model: Model, service: Service, family: Family): Store {
  const ending = service.language === "typescript" ? "ts" : "js";
  const app =
    family === "next"
      ? posix.join(nextLibrary(model, service), `index.${ending}`)
      : (expressApps(model, service)[0]?.creation.file ??
        service.entry[0] ??
        posix.join(service.root, `index.${ending}`));
  const folder = posix.join(posix.dirname(app), "file-store");
  const file = (name: string): string => newFile(model.repo, folder, name, app);
  return {
    family,
    bucket: file("bucket"),
    storage: file("bucket-storage"),
    answer: file("stored-answer"),
    serving: file("stored-files"),
  };
}

export interface Parts {
  names: ReadonlySet<Change["name"]>;
  folders: readonly string[];
  /** Routes of Next to be written. */
  routes: readonly string[];
}

export function storeFiles(model: Model, service: Service, store: Store, parts: Parts, templates: Templates): Edit[] {
  const write = (file: string, text: string): Edit => ({
    kind: "create",
    file,
    text: toDialect(text, styleFor(model.repo, file)),
  });
  const bucket = fill(templates("bucket.ts"), {
    ...importsFor(parts.names),
    hasFile: parts.names.has("hasFile"),
    readStored: parts.names.has("readStored"),
    unlinkFile: parts.names.has("unlinkFile"),
    moveUpload: parts.names.has("moveUpload"),
    makeFolder: parts.names.has("makeFolder"),
    makeFolderSync: parts.names.has("makeFolderSync"),
  });
  const serving = store.family === "express" ? "stored-files.ts" : `stored-files-${store.family}.ts`;
  const routed = (file: string): string =>
    fill(templates("next-route.ts"), { STORED: specifierFor(file, store.serving, styleFor(model.repo, file)) });
  return [
    write(store.bucket, withLogger(bucket, store.bucket, model, service)),
    ...(parts.names.has("BucketStorage") ? [write(store.storage, templates("bucket-storage.ts"))] : []),
    write(store.answer, fill(templates("stored-answer.ts"), { typeOf: store.family !== "express" })),
    write(store.serving, templates(serving)),
    ...parts.routes.map((file) => write(file, routed(file))),
    ...packages.flatMap((name) => addDependency(service, name, isHeldBelow(model, service, 20) ? forNode18 : today)),
    ...addEnv(model.repo, service.root, settings),
    ...migration(model, service, parts.folders, templates),
  ];
}

/** What the functions that are there take from elsewhere. */
function importsFor(names: Parts["names"]): { FS: string; PROMISES: string; COMMANDS: string } {
  const isMoving = names.has("moveUpload");
  const isLooking = names.has("hasFile");
  return {
    FS: [
      ...(isMoving ? ["createReadStream"] : []),
      "createWriteStream",
      ...(isLooking ? ["existsSync"] : []),
      ...(names.has("makeFolderSync") ? ["mkdirSync"] : []),
    ].join(", "),
    PROMISES: [
      ...(names.has("makeFolder") ? ["mkdir"] : []),
      ...(names.has("readStored") ? ["readFile"] : []),
      "rm",
      "unlink",
    ].join(", "),
    COMMANDS: [
      "DeleteObjectCommand",
      ...(names.has("readStored") ? ["GetObjectCommand"] : []),
      ...(isLooking ? ["HeadObjectCommand"] : []),
      "S3Client",
    ].join(", "),
  };
}

/** The app's logger in the place of the console. */
function withLogger(text: string, file: string, model: Model, service: Service): string {
  const logger = appLogger(model, service);
  if (logger === null) return text;
  const first = text.indexOf("import ");
  const last = /^import .* from "@aws-sdk\/lib-storage";\n/m.exec(text);
  const at = last === null ? first : last.index + last[0].length;
  const statement = `${importStatement(file, styleFor(model.repo, file), logger)};\n`;
  return `${text.slice(0, at)}${statement}${text.slice(at)}`.replace("console.log(", `${logger.local}.info(`);
}

/** A script of its own that runs as it is, whatever the app is built with. */
function migration(model: Model, service: Service, folders: readonly string[], templates: Templates): Edit[] {
  const name = "scripts/migrate-uploads.mjs";
  const file = posix.join(service.root, name);
  const script = addScript(service, "storage:migrate", `node ${name} ${folders.join(" ")}`);
  if (script === null || model.repo.has(file)) return [];
  const dotenv = service.dependencies["dotenv"] !== undefined;
  const style = { ...styleFor(model.repo, file), language: "javascript" as const, modules: "esm" as const };
  const text = toDialect(fill(templates("migrate.ts"), { dotenv }), style);
  return [{ kind: "create", file, text }, ...script];
}

const smallBodies =
  "The host's functions take bodies of a few megabytes (Vercel: 4.5); the brief says how browsers send larger files to the bucket themselves. Without S3_BUCKET nothing can be kept there.";

export function notesFor(model: Model, service: Service, folders: readonly string[]): string[] {
  return [
    ...(isOnFunctions(model, service) ? [smallBodies] : []),
    installNote(service),
    `Set S3_BUCKET and the keys in production. Until then ${folders.join(" and ")} stays in use, and the log says so.`,
    "`npm run storage:migrate -- --dry-run` says which old files it would copy into the bucket; without the flag it copies them. Files that are only on the disk are still handed out.",
    "The bucket can stay private: the app hands its files out to whoever could fetch them before.",
  ];
}
