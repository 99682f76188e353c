/** Whether the app keeps files in a storage service already, and what to say where it has none to keep. */
import { callsIn } from "../../analyzers/code/calls-in.ts";
import type { Model, Place } from "../../analyzers/model.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import type { Presence, Verdict } from "../component.ts";
import { isSending } from "./sending.ts";

const services =
  /^(@aws-sdk\/(client-s3|lib-storage|s3-\S+)|aws-sdk|multer-s3|multer-storage-cloudinary|cloudinary|@google-cloud\/storage|@azure\/storage-blob|@vercel\/blob|minio|uploadthing|@uploadthing\/\S+|imagekit|flydrive|@supabase\/storage-js|multer-gridfs-storage|firebase-admin\/storage)/;
const local = /^(multer|express-fileupload|formidable|fastify|busboy|koa-body):/;

/** In effect where a request or a job sends something there; present where a package for it is imported. */
export function presence(model: Model): Presence {
  const used = model
    .usesOfKind("storage")
    .filter(
      ({ api, call }) =>
        !local.test(api) &&
        ["server", "worker"].includes(model.context(call.file)) &&
        model.reach(call).some(({ entry }) => /^(route|worker-job|schedule|socket)$/.test(entry.kind)),
    )
    .slice(0, 3)
    .map(({ api, call: { file, line } }) => ({ file, line, note: `files go to ${api.slice(0, api.indexOf(":"))}` }));
  const stores = model.usesOf("multer:").flatMap(({ call }) => {
    const storage = call.args[0]?.kind === "object" ? call.args[0].entries["storage"] : undefined;
    if (storage?.kind === "class" && reachesStore(model, storage.file))
      return [{ file: call.file, line: call.line, note: `uploads go through ${storage.name}` }];
    return storage?.kind === "external" && services.test(storage.api)
      ? [{ file: call.file, line: call.line, note: `uploads go to ${storage.api.slice(0, storage.api.indexOf(":"))}` }]
      : [];
  });
  const evidence = [...used, ...stores];
  if (evidence.length > 0) return { status: "in_effect", evidence };
  const imports = importsOf(model);
  return { status: imports.length > 0 ? "present" : "absent", evidence: imports };
}

/** A storage of the app's own: what its methods call, two steps deep, sends to a storage service. */
function reachesStore(model: Model, file: string): boolean {
  const own = model.functions(file).flatMap((fn) => callsIn(model, fn));
  const next = own.flatMap((call) => model.targets(call)).flatMap((fn) => callsIn(model, fn));
  return [...own, ...next].some((call) => model.usesAt(call).some(isSending));
}

function importsOf(model: Model): Presence["evidence"] {
  const found = model.repo.files.flatMap((file) =>
    (["server", "worker"].includes(model.context(file)) ? (model.summary(file)?.imports ?? []) : [])
      .filter(({ specifier, typeOnly }) => !typeOnly && services.test(specifier))
      .map(({ specifier, span }) => ({ file, line: span.line, note: `imports ${specifier}` })),
  );
  return found.slice(0, 3);
}

export function whenQuiet(model: Model): Verdict {
  const unread = unreadServer(model);
  if (unread !== null) return { verdict: "unknown", reason: unreadReason(unread), tripWire: null };
  if (model.routes.length === 0)
    return { verdict: "not_applicable", reason: "Nothing here answers requests.", tripWire: null };
  const [taken] = takers(model);
  return {
    verdict: "not_yet",
    reason:
      taken === undefined
        ? "Nothing was seen that takes files from users or makes files to be fetched later."
        : `Files are taken from users (${taken.file}:${taken.line}), and none was seen to be kept on a disk or in a row.`,
    tripWire:
      "The first upload, or the first file that is made now and fetched later: look for multipart forms and for writes below public/ or uploads/. On Vercel also bodies near 4.5 MB, which the host refuses with 413.",
  };
}

const taking =
  /^(multer|express-fileupload|formidable|h3-formidable|busboy|@fastify\/(busboy|multipart)|multiparty|koa-body|koa-multer|@koa\/multer|nestjs-form-data|graphql-upload(-minimal)?)$/;

/** Where server code brings in what takes files. */
function takers(model: Model): Place[] {
  return model.repo.files.flatMap((file) =>
    model.context(file) === "server"
      ? (model.summary(file)?.imports ?? []).flatMap(({ specifier, typeOnly, names, span }) =>
          !typeOnly && (taking.test(specifier) || names.some(({ imported }) => /^File\w*Interceptor$/.test(imported)))
            ? [{ file, line: span.line }]
            : [],
        )
      : [],
  );
}
