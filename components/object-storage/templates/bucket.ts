/**
 * Where users' files are kept: in the S3 bucket named by S3_BUCKET, so that every copy of the app
 * finds them and a deploy leaves them alone; without that setting on this machine's disk.
 *
 * A file's key is its path below the folder that the app is started in: what the database knows of
 * a file stays right.
 */
import { __FS__ } from "node:fs";
import { __PROMISES__ } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { __COMMANDS__ } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

export interface Bucket {
  client: S3Client;
  name: string;
}

export type Content = Buffer | Uint8Array | string | Readable;

let bucket: Bucket | null | undefined;

/** Null where none is set. Its keys are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. */
export function openBucket(): Bucket | null {
  if (bucket === undefined) bucket = connect();
  return bucket;
}

function connect(): Bucket | null {
  const name = process.env.S3_BUCKET;
  const endpoint = process.env.S3_ENDPOINT;
  if (!name) {
    console.log("S3_BUCKET is not set: uploaded files stay on this machine's disk");
    return null;
  }
  // Endpoints other than Amazon's know buckets by path, and some do not know its newer checksums.
  const other = endpoint
    ? {
        endpoint,
        forcePathStyle: true,
        requestChecksumCalculation: "WHEN_REQUIRED" as const,
        responseChecksumValidation: "WHEN_REQUIRED" as const,
      }
    : {};
  const client = new S3Client({
    region: process.env.S3_REGION || process.env.AWS_REGION || "us-east-1",
    requestHandler: { connectionTimeout: 5000, socketTimeout: 30000 },
    ...other,
  });
  return { client, name };
}

/** `uploads/photo.png`, whichever way the path is written. */
export function keyOf(path: string): string {
  const below = relative(process.cwd(), resolve(path)).split(sep).join("/");
  return below.replace(/^(\.\.\/)+/, "");
}

/** Keeps a file; a stream that ends early leaves nothing behind. */
export async function putFile(path: string, content: Content, type?: string): Promise<void> {
  const target = openBucket();
  if (target === null) {
    const stream = content instanceof Readable ? content : Readable.from([content]);
    return pipeline(stream, createWriteStream(path));
  }
  const params = { Bucket: target.name, Key: keyOf(path), Body: content, ContentType: type };
  await new Upload({ client: target.client, params }).done();
}

// @if makeFolder
/** A folder for files that stay on the disk; the bucket needs none. */
export async function makeFolder(path: string): Promise<void> {
  if (openBucket() === null) await mkdir(path, { recursive: true });
}

// @end
// @if makeFolderSync
/** A folder for files that stay on the disk; the bucket needs none. */
export function makeFolderSync(path: string): void {
  if (openBucket() === null) mkdirSync(path, { recursive: true });
}

// @end
// @if moveUpload
export interface UploadedFile {
  data: Buffer;
  tempFilePath: string;
  mimetype: string;
  mv(path: string): Promise<void>;
}

/** `file.mv(path, done)` of express-fileupload. */
export async function moveUpload(
  file: UploadedFile,
  path: string,
  done?: (error?: unknown) => void,
): Promise<void> {
  const { data, tempFilePath, mimetype } = file;
  const content = tempFilePath ? createReadStream(tempFilePath) : data;
  const moving = openBucket() === null ? file.mv(path) : putFile(path, content, mimetype);
  return done === undefined ? moving : moving.then(() => done(), done);
}

// @end
/** Takes a file away, also one that lies on the disk from the time before the bucket. */
export async function removeFile(path: string): Promise<void> {
  const target = openBucket();
  if (target === null) return unlink(path);
  await target.client.send(new DeleteObjectCommand({ Bucket: target.name, Key: keyOf(path) }));
  await rm(path, { force: true });
}

// @if unlinkFile
/** {@link removeFile} for code that waits by callback. */
export function unlinkFile(path: string, done: (error: Error | null) => void): void {
  removeFile(path).then(() => done(null), done);
}

// @end
// @if hasFile
/** Whether a file is there, in the bucket or on the disk. */
export async function hasFile(path: string): Promise<boolean> {
  const target = openBucket();
  if (target === null || existsSync(path)) return existsSync(path);
  try {
    await target.client.send(new HeadObjectCommand({ Bucket: target.name, Key: keyOf(path) }));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

// @end
// @if readStored
/** The whole file, also one that lies on the disk from the time before the bucket. */
export async function readStored(path: string): Promise<Buffer> {
  const target = openBucket();
  if (target === null) return readFile(path);
  try {
    const asked = new GetObjectCommand({ Bucket: target.name, Key: keyOf(path) });
    const chunks: Uint8Array[] = [];
    const { Body } = await target.client.send(asked);
    for await (const chunk of Body as Readable) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    if (isMissing(error)) return readFile(path);
    throw error;
  }
}

// @end
/** The bucket's answer that it has no such file. */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** The status of the bucket's answer; 0 when it gave none. */
export function statusOf(error: unknown): number {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? 0;
}
