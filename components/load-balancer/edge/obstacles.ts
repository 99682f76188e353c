/** What says that a second copy of an app would break it, or double what it does. */
import type { ComposedService } from "../../../analyzers/deployment/compose.ts";
import { replicasOf } from "../../../analyzers/deployment/replicas.ts";
import type { Model } from "../../../analyzers/model.ts";
import { unreadServer } from "../../../analyzers/serving/serving.ts";
import type { Finding } from "../../finding.ts";
import { oneCopyRules } from "../../one-copy.ts";
import type { Entry } from "./entry.ts";

/** What the tree's own components know beyond {@link oneCopyRules}: what is told to one process, or met by its next run. */
const ofOneCopy: ReadonlySet<string> = new Set([
  ...Object.keys(oneCopyRules),
  "pub-sub/in-process-bus-across-services",
  "scheduler/overlapping-cron",
]);

/** The first reason for one copy, as part of a sentence; null when nothing is known to stand in the way. */
export function obstacleTo({ service, composed }: Entry, model: Model, everything: readonly Finding[]): string | null {
  const unread = unreadServer(model);
  if (unread !== null) return `its routes could not be read (${unread.file}:${unread.line})`;
  const found = everything.find(({ rule, file }) => {
    const owner = model.service(file);
    return ofOneCopy.has(rule) && (owner === null || owner.root === service.root || owner.start === null);
  });
  if (found !== undefined) return `${found.rule} (${found.file}:${found.line}): ${lowered(found.title)}`;
  const kept = replicasOf(model, service);
  if (kept.kind === "one" && !kept.note.startsWith("compose")) return `${kept.note} (${kept.file}:${kept.line})`;
  const { volumes } = composed.block;
  const [volume] = (Array.isArray(volumes) ? volumes : []).filter((each) => !String(each).endsWith(":ro"));
  if (volume !== undefined)
    return `both copies would write into the same folder (${composed.file}, volume ${nameOf(volume)})`;
  return nameInUse(composed, model);
}

function lowered(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

function nameOf(volume: unknown): string {
  return typeof volume === "string" ? volume : JSON.stringify(volume);
}

/** Two copies cannot have one name, and somebody may call or reach the container by it. */
function nameInUse({ block, file: own, name: service }: ComposedService, { repo }: Model): string | null {
  const { container_name: name } = block;
  if (typeof name !== "string") return null;
  const word = `\\b${name.replaceAll(/\W/g, String.raw`\$&`)}\\b`;
  const calls = new RegExp(`\\b(exec|logs|restart|stop|cp|inspect)\\b[^\\n]*${word}`);
  // Compose gives the service's name to all copies, another name only to the one container.
  const reaches = name === service ? calls : new RegExp(`^(?!\\s*container_name:)[^\\n]*${word}`, "m");
  const caller = repo.files.find(
    (file) =>
      (file === own ||
        /(\.sh|\.ya?ml|\.conf|\.env[\w.]*|(^|\/)(Makefile|justfile|package\.json|Jenkinsfile))$/i.test(file)) &&
      (file.endsWith("package.json") ? calls : reaches).test(repo.read(file) ?? ""),
  );
  return caller === undefined ? null : `${caller} speaks of the container as ${name}, a name that only one can have`;
}
