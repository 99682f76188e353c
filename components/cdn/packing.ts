/** Looks for services whose answers go out unpacked, with nothing before them that packs. */
import { expressApps } from "../../analyzers/serving/express-apps.ts";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { type ServerApp, serverApp } from "../../analyzers/serving/server-apps.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import { staticFilesOf } from "../../analyzers/serving/static-files.ts";
import { adviceOnCall } from "../advice.ts";
import type { Match } from "../finding.ts";
import { compresses } from "./hosts.ts";
import { packingWay, type PackingWay } from "./packing-way.ts";

const packers =
  /^(compression|compression-next|shrink-ray(-current)?|express-static-gzip|@fastify\/compress|koa-compress|http-compression|express-compression|@encoding\/compress|hono\/compress|bun-compression)$/;

/** A service that sends its answers as they are, and what can be done about it. */
export interface Unpacked {
  service: Service;
  /** The call that makes the app. */
  creation: CallSite;
  way: PackingWay;
  match: Match;
}

export function unpacked(model: Model): Unpacked[] {
  return model.services.flatMap((service) => {
    const app = appOf(model, service);
    const routes = model.routes.filter((route) => route.service === service.name);
    if (app === null || packs(model, service) || compresses(model, service)) return [];
    const pages = staticFilesOf(model).some((files) => files.service.root === service.root);
    const reads = routes.filter(({ method }) => method === "GET").length;
    if (!pages && reads === 0) return [];
    const { creation, framework } = app;
    const way = packingWay(model, service, creation, framework);
    const match = adviceOnCall("cdn/no-compression", creation, {
      confidence: pages || reads > 2 ? "medium" : "low",
      message:
        `${pages ? "Pages, scripts and JSON go" : "JSON goes"} out as they are: three to five times the bytes, which users on phones wait for. Nothing in the repo packs them, in the app or before it.`
          .replace("JSON goes out as they are", "JSON goes out as it is")
          .replace("packs them", pages ? "packs them" : "packs it"),
      anchor: service.name,
      fix: way.kind === "packer" ? "patch" : "brief",
    });
    return [{ service, creation, way, match }];
  });
}

function appOf(model: Model, service: Service): ServerApp | null {
  const creation = expressApps(model, service)[0]?.creation;
  return creation === undefined ? otherApp(model, service) : { framework: "express", creation };
}

/** Of the frameworks that pack by a plugin of their own; Hono's runs on edges, too, which pack what they send. */
function otherApp(model: Model, service: Service): ServerApp | null {
  const app = serverApp(model, service);
  if (app === null || !/^(fastify|koa|hono)$/.test(app.framework)) return null;
  const isProcess =
    app.framework !== "hono" || service.packageManager === "bun" || model.usesOf("@hono/node-server:serve").length > 0;
  return isProcess ? app : null;
}

function packs(model: Model, service: Service): boolean {
  return serverFiles(model, service).some(
    (file) =>
      model.summary(file)?.imports.some(({ specifier, typeOnly }) => !typeOnly && packers.test(specifier)) === true ||
      /\bzlib\b/.test(model.repo.read(file) ?? ""),
  );
}
