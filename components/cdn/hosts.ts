/** Hosts and proxies that do a CDN's work: keep files near the users, or pack them. */
import { deploysOf, isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { compressesBefore, standingBefore } from "../../analyzers/deployment/standing-before.ts";

/** Hosts that put their CDN before everything they run. */
const withCdn: ReadonlySet<string> = new Set(["vercel", "netlify", "cloudflare", "firebase"]);
/** Render serves web services through Cloudflare (Render documentation), App Engine's front end packs text by itself. */
const packing: ReadonlySet<string> = new Set([...withCdn, "render", "app-engine"]);

export function hasCdn(model: Model, service: Service): boolean {
  const deploys = deploysOf(model, service);
  return (
    isServerless(model, service) ||
    deploys.some(({ target }) => withCdn.has(target)) ||
    standingBefore(model, service).some(({ kind }) => kind === "cdn")
  );
}

export function compresses(model: Model, service: Service): boolean {
  const before = standingBefore(model, service);
  return (
    deploysOf(model, service).some(({ target }) => packing.has(target)) ||
    compressesBefore(before) ||
    gzipAnywhere(model)
  );
}

/** nginx may be told to in another file than the one that passes requests on. */
function gzipAnywhere({ repo }: Model): boolean {
  return repo.files.some(
    (file) =>
      /\.conf(\.template|\.j2)?$|nginx/i.test(file) && /^[ \t]*(gzip|brotli)\s+on\b/m.test(repo.read(file) ?? ""),
  );
}

/** A proxy of the repo's own hands out files itself, or says how long they may be kept. */
export function proxyServesFiles(model: Model, service: Service): boolean {
  return standingBefore(model, service).some(({ text }) =>
    /^[ \t]*(expires\s+(?!off|-1)|add_header\s+cache-control|root\s|alias\s|proxy_cache\s+(?!off))|^[ \t]*file_server\b/im.test(
      text,
    ),
  );
}
