/** How each way to hand out files is told what to say of how long they may be kept. */
import type { StaticFiles } from "../../analyzers/serving/static-files.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";

export interface KeepWay {
  /** Place of the options among the call's arguments. */
  options: number;
  /** What of the written module is called: with Node's response, or for the text alone. */
  uses: "cacheHeaders" | "cacheControlFor";
  /** The options to set, as code; `name` is what `uses` is called here. */
  set: (name: string) => Readonly<Record<string, string>>;
}

/** `setHeaders(response, file)`, as in the documentation of serve-static and koa-static. */
const ofNode = (options: number): KeepWay => ({
  options,
  uses: "cacheHeaders",
  set: (name) => ({ setHeaders: name }),
});

const ways: Readonly<Record<string, (files: StaticFiles) => KeepWay>> = {
  "express:static": () => ofNode(1),
  "serve-static:": () => ofNode(1),
  "koa-static:": () => ofNode(1),
  useStaticAssets: () => ofNode(1),
  "@fastify/static:": fastify,
  "@hono/node-server/serve-static:serveStatic": () => ({
    options: 0,
    uses: "cacheControlFor",
    set: (name) => ({ onFound: `(file, c) => c.header("Cache-Control", ${name}(file))` }),
  }),
};

/** Null where a recipe does not know how it is said. */
export function keepWay(files: StaticFiles): KeepWay | null {
  return (Object.hasOwn(ways, files.api) ? ways[files.api] : undefined)?.(files) ?? null;
}

/** Its own header goes out unless `cacheControl` is off (its README); since version 10 the reply is given, not the response. */
function fastify({ service: { dependencies } }: StaticFiles): KeepWay {
  const givesReply = majorOf(dependencies["@fastify/static"]) >= 10;
  return {
    options: 1,
    uses: givesReply ? "cacheControlFor" : "cacheHeaders",
    set: (name) => ({
      cacheControl: "false",
      setHeaders: givesReply ? `(reply, file) => void reply.header("Cache-Control", ${name}(file))` : name,
    }),
  };
}
