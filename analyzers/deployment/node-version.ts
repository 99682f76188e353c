/** The oldest Node that a service may find itself on: what written code must still run on. */
import { posix } from "node:path";
import type { Model, Service } from "../model.ts";

export interface NodeVersion {
  major: number;
  minor: number;
}

/**
 * The version of the image where a Dockerfile names one, since that is what runs; else the lowest that the app's own wish
 * (`engines`, `.nvmrc`) admits. Null when nothing says.
 */
function oldestNode(model: Model, service: Service): NodeVersion | null {
  const image = imageNode(model, service);
  if (image !== null) return image;
  const lowest = (service.nodeVersion ?? "").split("||").flatMap((range) => lowestIn(range) ?? []);
  return lowest.toSorted((a, b) => a.major - b.major || a.minor - b.minor)[0] ?? null;
}

/** Whether the service may run on a Node older than this one; silence counts as new enough. */
export function mayBeOlder(model: Model, service: Service, than: NodeVersion): boolean {
  const oldest = oldestNode(model, service);
  return oldest !== null && isOlder(oldest, than);
}

export function isOlder(version: NodeVersion, than: NodeVersion): boolean {
  return version.major < than.major || (version.major === than.major && version.minor < than.minor);
}

/** The version that the last stage of the service's Dockerfile, or of the repo's, is built on. */
export function imageNode({ repo }: Model, { root }: Service): NodeVersion | null {
  for (const file of [posix.join(root, "Dockerfile"), "Dockerfile"]) {
    const bases = [...(repo.read(file) ?? "").matchAll(/^FROM\s+(?:--\S+\s+)?(?:\S+\/)?node:(v?\d+(?:\.\d+)?)/gim)];
    const last = bases.at(-1)?.[1];
    if (last !== undefined) return lowestIn(last);
  }
  return null;
}

/** `>=16.4 <23` begins at 16.4; a version without a minor (`16.x`, `^20`) stands for the newest of its line. */
function lowestIn(range: string): NodeVersion | null {
  const found = /v?(\d+)(?:\.(\d+))?/.exec(range.replace(/<=?\s*v?[\d.x*]+/g, ""));
  return found === null ? null : { major: Number(found[1]), minor: Number(found[2] ?? Number.POSITIVE_INFINITY) };
}

/**
 * Whether nothing as new as this major version can be what runs: the image is older, or the app's own wish admits none so new.
 * An open wish (`>=8`) and silence admit everything.
 */
export function isHeldBelow(model: Model, service: Service, major: number): boolean {
  const image = imageNode(model, service);
  if (image !== null) return image.major < major;
  const ranges = (service.nodeVersion ?? "").split("||").filter((range) => range.trim() !== "");
  return ranges.length > 0 && ranges.every((range) => newestIn(range) < major);
}

/** `>=8 <15` and `^14.2` end at 14; `>=8` and names of lines (`lts/*`) never. */
function newestIn(range: string): number {
  const [, orEqual, upTo, rest = ""] = /<(=?)\s*v?(\d+)((?:\.\d+)*)/.exec(range) ?? [];
  if (upTo !== undefined) return Number(upTo) - (orEqual === "" && !/[1-9]/.test(rest) ? 1 : 0);
  const open = />/.test(range) ? undefined : /\d+/.exec(range)?.[0];
  return open === undefined ? Number.POSITIVE_INFINITY : Number(open);
}
