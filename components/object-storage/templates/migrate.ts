/**
 * Copies files that are still on this machine's disk into the bucket: all below the folders that
 * it is given. Files that the bucket has are left alone, so it can run again.
 * With --dry-run it only says what it would do.
 */
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

// @if dotenv
await import("dotenv/config");
// @end
const { S3_BUCKET, S3_ENDPOINT, S3_REGION, AWS_REGION } = process.env;
const folders = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const isTrial = process.argv.includes("--dry-run");

if (!S3_BUCKET) {
  console.error("Set S3_BUCKET (and what else .env.example names) first");
  process.exit(1);
}

const client = new S3Client({
  region: S3_REGION || AWS_REGION || "us-east-1",
  ...(S3_ENDPOINT
    ? { endpoint: S3_ENDPOINT, forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" }
    : {}),
});

/** As the app makes it: the path below the folder that it is started in. */
function keyOf(path: string): string {
  return relative(process.cwd(), path).split(sep).join("/").replace(/^(\.\.\/)+/, "");
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile() && !entry.name.startsWith(".")) yield path;
  }
}

async function isThere(key: string): Promise<boolean> {
  try {
    await client.send(new HeadObjectCommand({ Bucket: S3_BUCKET, Key: key }));
    return true;
  } catch (error) {
    if (error.$metadata?.httpStatusCode === 404) return false;
    throw error;
  }
}

let copied = 0;
let there = 0;
for (const folder of folders) {
  for await (const path of filesIn(folder)) {
    const key = keyOf(path);
    if (await isThere(key)) {
      there += 1;
      continue;
    }
    if (!isTrial) {
      const params = { Bucket: S3_BUCKET, Key: key, Body: createReadStream(path) };
      await new Upload({ client, params }).done();
    }
    copied += 1;
  }
}
console.log(`${copied} ${isTrial ? "to copy" : "copied"}, ${there} were there already`);
