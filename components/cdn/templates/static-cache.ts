/** How long browsers, and a CDN before the app, may keep the files that it hands out. */
import type { ServerResponse } from "node:http";

/** Bundlers put a fingerprint of the content into these names: what it names never changes. */
const fingerprinted =
  /[\\/](?:assets|static|chunks|build)[\\/].*[.-](?:[\da-f]{8,20}|(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{8})\.(?:chunk\.)?\w+$/;

export function cacheHeaders(response: ServerResponse, file: string): void {
  response.setHeader("Cache-Control", cacheControlFor(file));
}

function cacheControlFor(file: string): string {
  if (/\.html?$/.test(file)) return "no-cache";
  return fingerprinted.test(file) ? "public, max-age=31536000, immutable" : "public, max-age=600";
}
