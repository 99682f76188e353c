/** Multer's disk storage with a bucket in place of the disk: the same names and paths. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { pipeline, Transform } from "node:stream";
import type { Request } from "express";
import { diskStorage } from "multer";
import type { DiskStorageOptions, StorageEngine } from "multer";
import { openBucket, putFile, removeFile } from "./bucket.ts";

type File = Express.Multer.File;
type Answer = (error: Error | null, value: string) => void;
type Done<Value> = (error?: Error | null, value?: Value) => void;

export class BucketStorage implements StorageEngine {
  options: DiskStorageOptions;
  disk: StorageEngine;

  /** Takes what `multer.diskStorage` takes. */
  constructor(options: DiskStorageOptions) {
    this.options = options;
    this.disk = diskStorage(options);
  }

  _handleFile(request: Request, file: File, done: Done<Partial<File>>): void {
    if (openBucket() === null) return this.disk._handleFile(request, file, done);
    this.keep(request, file).then((kept) => done(null, kept), done);
  }

  /** Multer asks for it when a later file of the same request is refused. */
  _removeFile(request: Request, file: File, done: (error: Error | null) => void): void {
    if (openBucket() === null) return this.disk._removeFile(request, file, done);
    removeFile(file.path).then(() => done(null), done);
  }

  async keep(request: Request, file: File): Promise<Partial<File>> {
    const { destination, filename } = this.options;
    const folder =
      typeof destination === "function"
        ? await asked((answer) => destination(request, file, answer))
        : (destination ?? "");
    const name =
      filename === undefined
        ? randomBytes(16).toString("hex")
        : await asked((answer) => filename(request, file, answer));
    const path = join(folder, name);
    let size = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        size += chunk.length;
        next(null, chunk);
      },
    });
    request.once("aborted", () => counted.destroy(new Error("The upload was aborted")));
    pipeline(file.stream, counted, () => {});
    await putFile(path, counted, file.mimetype);
    return { destination: folder, filename: name, path, size };
  }
}

function asked(ask: (answer: Answer) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    ask((error, value) => (error ? reject(error) : resolve(value)));
  });
}
