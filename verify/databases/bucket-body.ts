/** Bodies as S3's clients send them: plain, or in chunks that carry a signature or end in a checksum. */
import type { IncomingMessage } from "node:http";

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const whole = Buffer.concat(chunks);
  const hash = request.headers["x-amz-content-sha256"];
  const isChunked = typeof hash === "string" && hash.startsWith("STREAMING-");
  return isChunked ? joined(whole) : whole;
}

/** `<hex size>;chunk-signature=...\r\n<bytes>\r\n`, the last one of size 0 (Signature Version 4, streaming). */
function joined(whole: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < whole.length) {
    const end = whole.indexOf("\r\n", at);
    const size = Number.parseInt(whole.subarray(at, end).toString("latin1"), 16);
    if (end < 0 || !(size > 0)) break;
    parts.push(whole.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
