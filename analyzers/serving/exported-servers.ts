/** Servers that Bun starts by itself: what the entry exports by default answers requests, without a call that listens. */
import { isServerless } from "../deployment/hosting.ts";
import { nodeImages, packedService } from "../deployment/images.ts";
import type { Model, Place, Service } from "../model.ts";

/** `export default app`, `export default { port, fetch: app.fetch }` of an entry that Bun runs; null where there is none. */
export function exportedServer(model: Model, service: Service): Place | null {
  if (!model.routes.some((route) => route.service === service.name && served.has(route.framework))) return null;
  if (isServerless(model, service) || !runsOnBun(model, service)) return null;
  const [found] = service.entry.flatMap((file) => {
    const line = lineOfExport(model.repo.read(file) ?? "");
    return line === null ? [] : [{ file, line }];
  });
  return found ?? null;
}

/** Frameworks whose app is an object with a `fetch`. */
const served: ReadonlySet<string> = new Set(["hono", "elysia"]);

function runsOnBun(model: Model, service: Service): boolean {
  const { start, packageManager } = service;
  if (start !== null) return /(^|[\s&|;])bunx?\s/.test(start);
  const images = nodeImages(model).filter(({ file, image }) => packedService(model, file, image) === service);
  return images.length > 0
    ? images.some(({ image }) => /(^|\/)oven\/bun\b/.test(image.base))
    : packageManager === "bun";
}

function lineOfExport(text: string): number | null {
  const at = text
    .split("\n")
    .findIndex((line) => /^export default (?!(async )?function\b|class\b|async\b|\()/.test(line));
  return at < 0 ? null : at + 1;
}
