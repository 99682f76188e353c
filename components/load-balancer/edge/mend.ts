/** Puts a proxy before an app that a compose file opens to the world, and a second copy beside it where none would break. */
import { posix } from "node:path";
import type { Model } from "../../../analyzers/model.ts";
import { serverFiles } from "../../../analyzers/serving/server-files.ts";
import type { Edit, EnvVar } from "../../../patches/edit.ts";
import { addEnv } from "../../../patches/editors/dotenv.ts";
import type { Everything, Templates } from "../../component.ts";
import type { Finding } from "../../finding.ts";
import { hopsVariable, trustOf, trustProxy } from "../../trust-proxy.ts";
import { beliefsOf } from "../behind-proxy.ts";
import type { Outcome } from "../outcome.ts";
import { caddyfileFor } from "./caddyfile.ts";
import { composeEdits, portInCaddyfile } from "./compose-edits.ts";
import { openEntries, type Entry } from "./entry.ts";
import { obstacleTo } from "./obstacles.ts";
import { mappingsOf, numberOf, type Mapping } from "./ports.ts";
import { secondCopy } from "./second-copy.ts";

/** Null where the deployment is none of a compose file. */
export function mendEntry(
  finding: Finding,
  model: Model,
  templates: Templates,
  everything: Everything,
): Outcome | null {
  const entries = openEntries(model);
  const entry = entries.find(({ service }) => service.name === finding.anchor);
  if (entry === undefined) return secondCopy(finding, model, everything);
  const text = model.repo.read(entry.composed.file) ?? "";
  const mapping = soleMapping(entry);
  const cannot = mapping === null ? "its ports are not one plain `host:container`" : obstructed(entry, entries, model);
  if (mapping === null || cannot !== null) return { cannot: cannot ?? "" };
  const obstacle = obstacleTo(entry, model, everything());
  const owns = (numberOf(mapping.host) === 80 || isWrittenHere(text)) && !/\b443:/.test(text);
  const files = serverFiles(model, entry.service);
  const drains = files.some((file) => (model.repo.read(file) ?? "").includes("SIGTERM"));
  const composed = composeEdits(entry, text, { mapping, replicas: obstacle === null ? 2 : 1, owns, drains });
  if (composed === null)
    return {
      cannot: `${entry.composed.file} is not written in plain lines (anchors, flow style, both ports and expose)`,
    };
  const caddyfile = caddyfileFor(entry, portInCaddyfile(mapping), model, templates);
  const trust = trustEdits(entry, files, model);
  return {
    edits: [...composed.edits, { kind: "create", file: besideOf(entry), text: caddyfile.text }, ...trust.edits],
    notes: [
      ...notesOf(mapping, owns),
      `Bodies over ${caddyfile.largestBody} are refused at the door: raise \`max_size\` in the Caddyfile where the app takes larger ones.`,
      ...composed.closed.map(
        (each) => `${each} is bound to 127.0.0.1 now: whoever needs it from outside takes a tunnel.`,
      ),
      ...trust.notes,
    ],
    env: trust.env,
    ...(obstacle === null ? {} : { remains: obstacle }),
  };
}

function soleMapping({ composed }: Entry): Mapping | null {
  const [mapping, ...others] = mappingsOf(composed.block) ?? [];
  return mapping === undefined || others.length > 0 ? null : mapping;
}

/** The beginning of the compose file that the part Containers writes: nobody else had a say in its ports. */
const ownHead = "# The app with the services it uses, for a server of your own";

function isWrittenHere(text: string): boolean {
  return text.startsWith(ownHead);
}

function besideOf({ composed }: Entry): string {
  return posix.join(posix.dirname(composed.file), "Caddyfile");
}

const ofCdn = /cf-connecting-ip|true-client-ip|fastly-client-ip|x-vercel-|x-amzn-trace-id/i;

/** Why no proxy can be put there by a recipe. */
function obstructed(entry: Entry, entries: readonly Entry[], model: Model): string | null {
  const { composed, service } = entry;
  const { repo } = model;
  const other = entries.find((each) => each !== entry);
  if (other !== undefined)
    return `${other.composed.name} is open to the world, too (${other.composed.file}:${other.composed.line}), and which paths belong to which is not known here`;
  if (repo.has(besideOf(entry))) return `there is a ${besideOf(entry)} already`;
  const files = serverFiles(model, service);
  const cdn = files.find((file) => ofCdn.test(repo.read(file) ?? ""));
  if (cdn !== undefined) return `the app reads what a CDN says of its clients (${cdn}), so one more stands before it`;
  const tls = ["node:https:createServer", "node:http2:createSecureServer"].flatMap((api) => model.usesOf(api));
  if (tls[0] !== undefined) return `the app ends https itself (${tls[0].call.file}:${tls[0].call.line})`;
  const isTrusting = trustOf(model, service).kind !== "unset";
  const isCounted = files.some((file) => (repo.read(file) ?? "").includes(hopsVariable.name));
  if (isTrusting && !isCounted)
    return "the app believes a proxy already (`trust proxy`), and the repo does not show which";
  return composed.block["extends"] === undefined ? null : "the service extends another one";
}

function notesOf({ host }: Mapping, owns: boolean): string[] {
  const https = "Set SITE_ADDRESS to the server's domain, and the proxy answers by https with a certificate of its own";
  return owns
    ? [
        `The app is reached on port 80 now, through the proxy. ${https}; HTTP_PORT and HTTPS_PORT move it to other ports.`,
      ]
    : [
        `The app is reached at port ${host} as before, through the proxy. For https publish 80 and 443 there instead. ${https}.`,
        "Does nginx, a tunnel or a CDN that the repo does not show stand before the server? Then name it in the Caddyfile (`trusted_proxies`), or all users have its address.",
      ];
}

/** The app takes the proxy's word for a client's address where it asks for one at all. */
function trustEdits(
  { service }: Entry,
  files: readonly string[],
  model: Model,
): { edits: Edit[]; notes: string[]; env: EnvVar[] } {
  const nothing = { edits: [], notes: [], env: [] };
  if (trustOf(model, service).kind !== "unset" || beliefsOf(model, files).length === 0) return nothing;
  const proxy = trustProxy(model, service, true);
  if (proxy.kind !== "added") return nothing;
  return {
    edits: [...proxy.edits, ...addEnv(model.repo, service.root, [hopsVariable])],
    notes: [proxy.note],
    env: [hopsVariable],
  };
}
