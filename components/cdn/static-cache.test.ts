/** What the written module says of files. */
import { expect, it } from "vitest";
import { cacheHeaders } from "./templates/static-cache.ts";

it.each([
  ["/app/dist/assets/index-BxT3k9Qz.js", "public, max-age=31536000, immutable"],
  ["/app/build/static/css/main.3f2a91bc.css", "public, max-age=31536000, immutable"],
  ["/app/build/static/js/7.3f2a91bc.chunk.js", "public, max-age=31536000, immutable"],
  ["C:\\app\\dist\\assets\\logo-D4k9aQzB.svg", "public, max-age=31536000, immutable"],
  ["/app/dist/index.html", "no-cache"],
  ["/app/public/assets/style-overview.css", "public, max-age=600"],
  ["/app/public/static/photo-20261015.jpg", "public, max-age=600"],
  ["/app/public/static/jquery-3.7.1.min.js", "public, max-age=600"],
  ["/app/uploads/report-BxT3k9Qz.pdf", "public, max-age=600"],
])("%s: %s", (file, expected) => {
  const headers = new Map<string, unknown>();
  const response = { setHeader: (name: string, value: unknown) => headers.set(name, value) };
  cacheHeaders(response, file);
  expect(headers.get("Cache-Control")).toBe(expected);
});
