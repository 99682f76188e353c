/** How a service's answers can be packed by lines in its own code, or why the recipe has none. */
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import { type Loading, pluginLoading } from "../plugin-loading.ts";

export interface Packer {
  package: string;
  /** Version range; null for what the framework brings along. */
  range: string | null;
  /** Types beside it, for TypeScript. */
  types: { name: string; range: string } | null;
  imported: { default: string } | { name: string };
  /** What is done with the app: `app.use(compression())`. `compress` is the imported function's name. */
  code: (app: string, compress: string) => string;
  /** Methods that give back the app itself while it is made. */
  chain: RegExp;
}

export type PackingWay = { kind: "packer"; packer: Packer } | { kind: "by-hand"; cannot: string };

const used = (app: string, compress: string): string => `${app}.use(${compress}());`;

const express: Packer = {
  package: "compression",
  range: "^1.8.1",
  types: { name: "@types/compression", range: "^1.8.1" },
  imported: { default: "compression" },
  code: used,
  chain: /^(use|set|enable|disable)$/,
};
/** Packed events would wait until a block is full (README of compression, "Server-Sent Events"). */
const expressWithEvents: Packer = {
  ...express,
  code: (app, compress) =>
    `// Events go out one by one, not once a block is full.\n${app}.use(${compress}({ filter: (req, res) => !/event-stream/.test(String(res.getHeader("Content-Type"))) && ${compress}.filter(req, res) }));`,
};
const koa: Packer = {
  package: "koa-compress",
  range: "^5.1.1",
  types: { name: "@types/koa-compress", range: "^4.0.6" },
  imported: { default: "compress" },
  code: used,
  chain: /^use$/,
};
const hono: Packer = {
  package: "hono/compress",
  range: null,
  types: null,
  imported: { name: "compress" },
  code: used,
  chain: /^(use|basePath)$/,
};
/** Routes that are declared before the plugin is there are not packed. */
const fastify = (range: string, loading: Exclude<Loading, "too-late">): Packer => ({
  package: "@fastify/compress",
  range,
  types: null,
  imported: { default: "compress" },
  code: (app, compress) => `${loading === "awaited" ? "await " : ""}${app}.register(${compress});`,
  chain: /^withTypeProvider$/,
});

/** Events that the server sends one by one. */
const events = /text\/event-stream/;
/** Answers that go out piece by piece, which a packer would hold back until a block is full. */
const pieces =
  /\b(res|response|reply\.raw)\.write\(|\b(pipe|merge|to)\w*Stream\w*(Response)?\(|\.body\.pipe|stream(SSE|Text)\(/;

export function packingWay(model: Model, service: Service, creation: CallSite, framework: string): PackingWay {
  const texts = serverFiles(model, service).map((file) => model.repo.read(file) ?? "");
  const sendsEvents = texts.some((text) => events.test(text));
  const sendsPieces = texts.some((text) => pieces.test(text) && !events.test(text));
  if (framework !== "hono" && (sendsPieces || (sendsEvents && framework !== "express")))
    return byHand(
      "answers of this app go out piece by piece, and a packer would hold the pieces back until a block is full",
    );
  if (framework === "express") return { kind: "packer", packer: sendsEvents ? expressWithEvents : express };
  if (framework === "koa") return { kind: "packer", packer: koa };
  if (framework === "hono")
    return service.packageManager === "bun"
      ? byHand("Bun had no CompressionStream before its 1.3, on which Hono's own middleware rests")
      : { kind: "packer", packer: hono };
  return ofFastify(model, service, creation);
}

function ofFastify(model: Model, service: Service, creation: CallSite): PackingWay {
  const major = majorOf(service.dependencies["fastify"]);
  if (major !== 4 && major !== 5) return byHand("the recipe writes for Fastify 4 and 5");
  const routes = model.routes.filter((route) => route.service === service.name && route.framework === "fastify");
  const loading = pluginLoading(model, service, creation, routes);
  return loading === "too-late"
    ? byHand(
        "the plugin has to be waited for before routes are declared, and nothing can be awaited where the app is made",
      )
    : { kind: "packer", packer: fastify(major === 5 ? "^8.3.1" : "^7.0.3", loading) };
}

function byHand(cannot: string): PackingWay {
  return { kind: "by-hand", cannot };
}
