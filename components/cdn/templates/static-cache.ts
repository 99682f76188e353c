/** How long browsers, and a CDN before the app, may keep the files that it hands out. */

/** Where bundlers put files whose names change with their content, */
const folder = /[\\/](?:assets|static|chunks|build)[\\/]/;
/** and the fingerprint by which they do: `index-BxT3k9Qz.js`, `main.3f2a91bc.css`. */
const hex = /[.-](?=\d*[a-f])[\da-f]{8,20}\.(?:chunk\.)?\w+$/;
const mixed = /[.-](?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{8}\.\w+$/;

// @if response
interface Answer {
  setHeader(name: string, value: string): unknown;
}

export function cacheHeaders(response: Answer, file: string): void {
  response.setHeader("Cache-Control", cacheControlFor(file));
}

// @end
export function cacheControlFor(file: string): string {
  if (/\.html?$/.test(file)) return "no-cache";
  const isForever = folder.test(file) && (hex.test(file) || mixed.test(file));
  return isForever ? "public, max-age=31536000, immutable" : "public, max-age=600";
}
