/** Whose word an app takes for the address of a client: a limit per address is worth as much as that address. */
import { isDevOnly } from "../analyzers/code/dev-only.ts";
import { expressApps } from "../analyzers/serving/express-apps.ts";
import { deploysOf } from "../analyzers/deployment/hosting.ts";
import type { Model, Place, Service } from "../analyzers/model.ts";
import { serverFiles } from "../analyzers/serving/server-files.ts";
import { standingBefore } from "../analyzers/deployment/standing-before.ts";
import type { Edit, EnvVar } from "../patches/edit.ts";
import { afterCreation } from "../patches/editors/after-creation.ts";
import { countedNote, countedProxies } from "./counted-proxies.ts";
import { openSource } from "../patches/editors/source.ts";
import { lineAt } from "../patches/editors/typescript.ts";

/** Hosts that put exactly one proxy in front of the process. */
const oneHop: ReadonlySet<string> = new Set(["heroku", "render", "railway", "fly", "cloud-run", "app-engine"]);

export const hopsVariable: EnvVar = {
  name: "TRUST_PROXY_HOPS",
  example: "1",
  note: "How many proxies stand before the app and set X-Forwarded-For (CDN and load balancer: 2)",
};

export type TrustProxy =
  | { kind: "set-already" }
  | ({ kind: "believes-all" } & Place)
  | { kind: "added"; edits: Edit[]; note: string }
  | { kind: "impossible" };

/** Whose word the app takes now: everybody's, somebody's, or nobody has said. */
export type Trust = { kind: "set-already" } | ({ kind: "believes-all" } & Place) | { kind: "unset" };

export function trustOf(model: Model, service: Service): Trust {
  const [believer] = believers(model, service);
  if (believer !== undefined) return { kind: "believes-all", ...believer };
  const isSet = serverFiles(model, service).some((file) =>
    /["'`]trust proxy["'`]|\btrustProxy\b/.test(model.repo.read(file) ?? ""),
  );
  return { kind: isSet ? "set-already" : "unset" };
}

/** Whom to believe: an expression that Express and Fastify both take, and what is said about it. Never `true`. */
export function wordOf(
  model: Model,
  service: Service,
  isOneHop = hasOneHop(model, service),
): { expression: string; comment: string | null; note: string } {
  if (isOneHop) {
    const note =
      "One proxy in front of the app is believed about a client's address; set TRUST_PROXY_HOPS when a CDN makes it two.";
    return { expression: "Number(process.env.TRUST_PROXY_HOPS || 1)", comment: null, note };
  }
  return {
    expression: 'Number(process.env.TRUST_PROXY_HOPS) || "loopback, linklocal, uniquelocal"',
    comment: "// A proxy at a private address is believed; TRUST_PROXY_HOPS counts proxies at public ones.",
    note: "Where the app runs is not known here: a proxy is believed when it speaks from a private address, as nginx, containers and most load balancers do. Set TRUST_PROXY_HOPS when yours does not, or when a CDN stands before it.",
  };
}

/** Why limits that count addresses would do harm or nothing in an app that believes everybody. */
export function believesAllText({ file, line }: Place): string {
  return `every proxy is believed (${file}:${line}), so that every client can choose the address it is counted by: set the number of proxies first`;
}

/** The setting of an Express app, right where it is made. `isOneHop`: exactly one proxy is known to stand before it. */
export function trustProxy(model: Model, service: Service, isOneHop = hasOneHop(model, service)): TrustProxy {
  const trust = trustOf(model, service);
  if (trust.kind === "believes-all") {
    const edits = countedProxies(trust, model);
    return edits === null ? trust : { kind: "added", edits, note: countedNote };
  }
  if (trust.kind !== "unset") return trust;
  const [app] = expressApps(model, service);
  const source = app === undefined ? null : openSource(model.repo, app.creation.file);
  if (app === undefined || source === null) return { kind: "impossible" };
  const { expression, comment, note } = wordOf(model, service, isOneHop);
  const lead = comment === null ? "" : `${comment}\n`;
  const edit = afterCreation(
    source,
    app.creation.span,
    /^(use|set|enable|disable)$/,
    (name) => `${lead}${name}.set("trust proxy", ${expression});`,
  );
  return edit === null ? { kind: "impossible" } : { kind: "added", edits: [edit], note };
}

/** Where a service takes any caller's word for his address. */
export function believers(model: Model, service: Service): (Place & { offset: number })[] {
  return serverFiles(model, service)
    .flatMap((file) => believesAll(file, model.repo.read(file) ?? ""))
    .filter(({ file, offset }) => !isDevOnly(model, { file, span: { start: offset } }));
}

const ofExpress = /^(?![ \t]*(?:\/\/|\*)).*(?:["'`]trust proxy["'`]\s*,\s*true\b|\.enable\(\s*["'`]trust proxy["'`])/m;
const ofFastify = /^(?![ \t]*(?:\/\/|\*)).*\btrustProxy["']?\s*:\s*true\b/m;

/** `app.set("trust proxy", true)`, `app.enable("trust proxy")`, `Fastify({ trustProxy: true })`. */
function believesAll(file: string, text: string): (Place & { offset: number })[] {
  const found =
    ofExpress.exec(text) ?? (/["'`](fastify|@nestjs\/platform-fastify)["'`]/.test(text) ? ofFastify.exec(text) : null);
  return found === null ? [] : [{ file, line: lineAt(text, found.index), offset: found.index + found[0].length }];
}

/** The host says so, or a proxy configuration in the repo does. */
export function hasOneHop(model: Model, service: Service): boolean {
  if (deploysOf(model, service).some(({ target }) => oneHop.has(target))) return true;
  return standingBefore(model, service).some(
    ({ kind, shows }) => shows === "config" && (kind === "nginx" || kind === "caddy"),
  );
}
