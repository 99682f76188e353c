/** Whose word an app takes for the address of a client: a limit per address is worth as much as that address. */
import { isDevOnly } from "../analyzers/code/dev-only.ts";
import { expressApps } from "../analyzers/serving/express-apps.ts";
import { deploysOf } from "../analyzers/deployment/hosting.ts";
import type { Model, Place, Service } from "../analyzers/model.ts";
import { serverFiles } from "../analyzers/serving/server-files.ts";
import { standingBefore } from "../analyzers/deployment/standing-before.ts";
import type { Edit, EnvVar } from "../patches/edit.ts";
import { afterCreation } from "../patches/editors/after-creation.ts";
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
  | { kind: "added"; edit: Edit; note: string }
  | { kind: "impossible" };

/** Never `true`, which lets every client choose its address. */
export function trustProxy(model: Model, service: Service): TrustProxy {
  const [believer] = believers(model, service);
  if (believer !== undefined) return { kind: "believes-all", ...believer };
  if (serverFiles(model, service).some((file) => /["'`]trust proxy["'`]/.test(model.repo.read(file) ?? "")))
    return { kind: "set-already" };
  const [app] = expressApps(model, service);
  const source = app === undefined ? null : openSource(model.repo, app.creation.file);
  if (app === undefined || source === null) return { kind: "impossible" };
  const known = hasOneHop(model, service);
  const code = known
    ? (name: string) => `${name}.set("trust proxy", Number(process.env.TRUST_PROXY_HOPS || 1));`
    : (name: string) =>
        "// A proxy at a private address is believed; TRUST_PROXY_HOPS counts proxies at public ones.\n" +
        `${name}.set("trust proxy", Number(process.env.TRUST_PROXY_HOPS) || "loopback, linklocal, uniquelocal");`;
  const edit = afterCreation(source, app.creation.span, /^(use|set|enable|disable)$/, code);
  if (edit === null) return { kind: "impossible" };
  const note = known
    ? "One proxy in front of the app is believed about a client's address; set TRUST_PROXY_HOPS when a CDN makes it two."
    : "Where the app runs is not known here: a proxy is believed when it speaks from a private address, as nginx, containers and most load balancers do. Set TRUST_PROXY_HOPS when yours does not, or when a CDN stands before it.";
  return { kind: "added", edit, note };
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
function hasOneHop(model: Model, service: Service): boolean {
  if (deploysOf(model, service).some(({ target }) => oneHop.has(target))) return true;
  return standingBefore(model, service).some(
    ({ kind, shows }) => shows === "config" && (kind === "nginx" || kind === "caddy"),
  );
}
