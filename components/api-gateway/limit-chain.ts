/** Limits of Koa and Hono services: a middleware of the app's own at each registration, over counts that a package keeps. */
import type { Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { importStatement } from "../../patches/editors/import-of.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { styleFor } from "../../patches/editors/source.ts";
import { fill } from "../../patches/fill.ts";
import type { Templates } from "../component.ts";
import { middlewareFile } from "../middleware-folder.ts";
import { forgetsCounts } from "./limit-express.ts";
import { limitRegistrations } from "./limit-routes.ts";
import { type Limit, refused, type Work } from "./limit-work.ts";
import type { LimiterKind } from "./limiters.ts";
import { ownLimits } from "./own-limits.ts";
import { errorBodyBefore } from "./refusal-shape.ts";
import { reuseOwnLimits } from "./reuse.ts";
import { storeNote } from "./store-note.ts";
import { sharedRedis } from "../shared-redis.ts";
import { hasOneHop, hopsVariable } from "../trust-proxy.ts";

/** The major whose Redis limiter takes both clients, and the store's own errors apart from refusals. */
export const countsRange = "^11.4.0";

export const limitChain: Limit = (service, wanted, model, templates) => {
  const own = ownLimits(model, service);
  if (own.length > 0) return { ...reuseOwnLimits(wanted, own, model), env: [] };
  const framework = wanted[0]?.open.route.framework === "koa" ? "koa" : "hono";
  const connInfo = framework === "koa" ? "" : connInfoOf(model, service);
  if (connInfo === null)
    return refused(wanted, "what runs the app is not known, and only that knows a caller's address");
  const cannot = forgetsCounts(model, service);
  if (cannot !== null) return refused(wanted, cannot);
  const file = middlewareFile(model, service, "rate-limit");
  const choose = (kind: LimiterKind) => ({
    file,
    exported: `${kind}Limiter`,
    local: `${kind}Limiter`,
    isNew: true,
  });
  const work = limitRegistrations(wanted, model, choose, (at, kinds) =>
    chainModule(at, kinds, { framework, connInfo, service, model }, templates),
  );
  return work.edits.length === 0
    ? { ...work, env: [] }
    : {
        ...work,
        edits: [...work.edits, ...addEnv(model.repo, service.root, [hopsVariable])],
        env: [hopsVariable],
      };
};

/** Where Hono's runtimes say who calls; null for one that is none of them. */
function connInfoOf(model: Model, service: Service): string | null {
  const files = new Set(serverFiles(model, service));
  if (model.usesOf("@hono/node-server:serve").some(({ call }) => files.has(call.file)))
    return "@hono/node-server/conninfo";
  return /\bbunx?\b/.test(service.start ?? "") ? "hono/bun" : null;
}

interface Chain {
  framework: "koa" | "hono";
  connInfo: string;
  service: Service;
  model: Model;
}

function chainModule(
  file: string,
  kinds: ReadonlySet<LimiterKind>,
  { framework, connInfo, service, model }: Chain,
  templates: Templates,
): Pick<Work, "edits" | "notes"> {
  const redis = sharedRedis(model, service);
  const style = styleFor(model.repo, file);
  const files = serverFiles(model, service).map((each) => model.repo.read(each) ?? "");
  const text = fill(templates("rate-limit-chain.ts"), {
    ...Object.fromEntries((["auth", "code", "expensive"] as const).map((kind) => [kind, kinds.has(kind)])),
    koa: framework === "koa",
    hono: framework === "hono",
    CONN_INFO: connInfo,
    MESSAGE: errorBodyBefore(files),
    redis: redis !== null,
    nodeRedis: redis !== null && !redis.api.startsWith("ioredis:"),
    REDIS_IMPORT: redis === null ? "" : importStatement(file, style, redis),
    REDIS: redis?.local ?? "",
    oneHop: hasOneHop(model, service),
  });
  const needed = addDependency(service, "rate-limiter-flexible", countsRange);
  return {
    edits: [{ kind: "create", file, text: toDialect(text, style) }, ...needed],
    notes: [...(needed.length > 0 ? [installNote(service)] : []), storeNote(redis, service)],
  };
}
