/** The stand-in for S3: what is put is got, in part, in pieces, and gone when it is deleted. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBucket, type BucketServer } from "./bucket.ts";

let bucket: BucketServer;
beforeAll(async () => {
  bucket = await startBucket();
});
afterAll(() => bucket.stop());

const at = (path: string): string => `${bucket.url}/pictures/${path}`;
const put = (path: string, body: string, headers = {}): Promise<Response> =>
  fetch(at(path), { method: "PUT", body, headers });

describe("the S3 stand-in", () => {
  it("gives back what was put, with its type, and by its tag nothing", async () => {
    const { headers } = await put("a/cat one.png", "cat", { "content-type": "image/png" });
    const got = await fetch(at("a/cat%20one.png"));

    expect([got.status, got.headers.get("content-type"), await got.text()]).toEqual([200, "image/png", "cat"]);
    const again = await fetch(at("a/cat%20one.png"), { headers: { "if-none-match": headers.get("etag") ?? "" } });
    expect(again.status).toBe(304);
    expect(bucket.names()).toContain("pictures/a/cat one.png");
  });

  it.each([
    ["bytes=2-3", 206, "cd", "bytes 2-3/6"],
    ["bytes=4-", 206, "ef", "bytes 4-5/6"],
    ["bytes=-2", 206, "ef", "bytes 4-5/6"],
    ["bytes=9-", 416, null, null],
  ])("gives the part %s", async (range, status, text, where) => {
    await put("parts", "abcdef");
    const got = await fetch(at("parts"), { headers: { range } });

    expect([got.status, got.headers.get("content-range")]).toEqual([status, where]);
    expect(text === null ? null : await got.text()).toBe(text);
  });

  it("puts the pieces of an upload together by their number, once it is complete", async () => {
    const begun = await (await fetch(`${at("film")}?uploads=`, { method: "POST" })).text();
    const id = /<UploadId>(.*?)<\/UploadId>/.exec(begun)?.[1] ?? "";
    await put(`film?partNumber=2&uploadId=${id}`, "world");
    await put(`film?partNumber=1&uploadId=${id}`, "hello ");

    expect((await fetch(at("film"))).status).toBe(404);
    await fetch(`${at("film")}?uploadId=${id}`, { method: "POST", body: "<CompleteMultipartUpload/>" });
    expect(await (await fetch(at("film"))).text()).toBe("hello world");
  });

  it("reads bodies that come in signed chunks", async () => {
    await put("chunks", "5;chunk-signature=a\r\nhello\r\n0;chunk-signature=b\r\n\r\n", {
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    });

    expect(await (await fetch(at("chunks"))).text()).toBe("hello");
  });

  it("lists a bucket, and forgets what is deleted", async () => {
    await put("gone", "soon");
    expect(await (await fetch(`${bucket.url}/pictures?prefix=go`)).text()).toContain("<Key>gone</Key>");

    expect((await fetch(at("gone"), { method: "DELETE" })).status).toBe(204);
    expect((await fetch(at("gone"))).status).toBe(404);
  });
});
