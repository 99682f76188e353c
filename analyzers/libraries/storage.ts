/** Files: object storage, uploads and the local disk. */
import { client, facts, type ClientFact, type LibraryFact } from "./fact.ts";

export const storage: readonly LibraryFact[] = [
  ...facts("storage", "@aws-sdk/client-s3:S3Client()", "send"),
  ...facts("storage", "@aws-sdk/client-s3:S3()", "putObject getObject deleteObject listObjectsV2 headObject"),
  ...facts("storage", "@aws-sdk/lib-storage:Upload()", "done"),
  ...facts("storage", "aws-sdk:S3()", "upload putObject getObject deleteObject listObjectsV2"),
  ...facts("storage", "cloudinary:v2.uploader", "upload upload_stream upload_large destroy"),
  ...facts("storage", "cloudinary:uploader", "upload destroy"),
  ...facts("storage", "@google-cloud/storage:Storage().**", "upload save download delete createWriteStream"),
  ...facts("storage", "@azure/storage-blob:**", "upload uploadData uploadFile uploadStream download"),
  ...facts("storage", "@vercel/blob:", "put del list head"),
  ...facts("storage", "minio:Client()", "putObject fPutObject getObject removeObject"),
  ...facts("storage", "imagekit:()", "upload"),
  { api: "multer:", kind: "storage" },
  { api: "multer:diskStorage", kind: "storage" },
  { api: "multer:memoryStorage", kind: "storage" },
  { api: "express-fileupload:", kind: "storage" },
  { api: "@koa/multer:", kind: "storage" },
  { api: "koa-multer:", kind: "storage" },
  ...facts("storage", "fastify:FastifyRequest()", "file files saveRequestFiles"),
  { api: "formidable:", kind: "storage" },
];

const WRITES = "writeFile appendFile copyFile rename cp";

export const fileWrites: readonly LibraryFact[] = [
  ...facts(
    "file-write",
    "node:fs:",
    `${WRITES} writeFileSync appendFileSync copyFileSync renameSync cpSync createWriteStream`,
  ),
  ...facts("file-write", "node:fs:promises", WRITES),
  ...facts("file-write", "node:fs/promises:", WRITES),
  ...facts("file-write", "fs-extra:", `${WRITES} outputFile writeJson writeJSON outputJson writeFileSync move copy`),
];

export const storageClients: readonly ClientFact[] = [
  client("@aws-sdk/client-s3:S3Client()", {
    timeoutOption: "requestHandler.requestTimeout",
    defaultTimeoutMs: null,
    retries: { option: "maxAttempts", default: 2 },
    source: "AWS SDK for JavaScript v3, NodeHttpHandler: requestTimeout 0 (none); three attempts",
  }),
];
