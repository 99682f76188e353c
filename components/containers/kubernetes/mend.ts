/** The edits that close a workload's gaps: lines put into its manifests, and manifests of their own beside them. */
import { containersIn } from "../../../analyzers/deployment/kubernetes.ts";
import type { Manifest } from "../../../analyzers/deployment/manifests.ts";
import { record } from "../../../analyzers/services/container-files.ts";
import type { Edit, Json } from "../../../patches/edit.ts";
import { type KeysWish, keysChanged } from "../../../patches/editors/yaml-keys.ts";
import type { Case, Change, Gap } from "./case.ts";

type Fields = { readonly [key: string]: Json };

/** Null where the manifest's style does not let lines simply be put in. */
export function mendOf({ workload, model }: Case, gaps: readonly Gap[]): Edit[] | null {
  const changes = gaps.flatMap(({ mend }) => ("changes" in mend ? mend.changes : []));
  const edits = workload.manifests.map((manifest) => {
    const wishes = wishesOf(manifest, changes);
    const replacements = keysChanged(model.repo.read(manifest.file) ?? "", wishes);
    return replacements?.map((each): Edit => ({ kind: "replace", file: manifest.file, ...each })) ?? null;
  });
  return edits.includes(null) ? null : edits.flatMap((each) => each ?? []);
}

/** The changes as keys of the manifest's mappings. */
function wishesOf({ document, spec }: Manifest, changes: readonly Change[]): KeysWish[] {
  const at = document ?? 0;
  const pod = ["spec", "template", "spec"];
  const containers = containersIn(spec).flatMap((container, index) => {
    const own = changes.flatMap((each) =>
      each.in === "container" && each.name === container["name"] ? [each.set] : [],
    );
    return own.length === 0 ? [] : keysIn([...pod, "containers", index], container, own.reduce(merged));
  });
  const top = changes.flatMap((each) => (each.in === "spec" ? [each] : []));
  const set = top.map((each) => each.set).reduce<Fields>(merged, {});
  const drop = top.flatMap((each) => each.drop).filter((key) => key in spec);
  const specs = Object.keys(set).length === 0 && drop.length === 0 ? [] : [{ path: ["spec"], set, drop }];
  return [...containers, ...specs].map((wish) => ({ document: at, ...wish }));
}

/** What is there already is entered; what is missing is set. */
function keysIn(
  path: readonly (string | number)[],
  there: Readonly<Record<string, unknown>>,
  fields: Fields,
): Omit<KeysWish, "document">[] {
  const isEntered = ([key, value]: readonly [string, Json]): boolean =>
    Object.keys(record(there[key])).length > 0 && isFields(value);
  const entries = Object.entries(fields);
  const set = Object.fromEntries(entries.filter((entry) => !isEntered(entry)));
  const inner = entries
    .filter(isEntered)
    .flatMap(([key, value]) => (isFields(value) ? keysIn([...path, key], record(there[key]), value) : []));
  return [...(Object.keys(set).length === 0 ? [] : [{ path, set }]), ...inner];
}

function merged(one: Fields, other: Fields): Fields {
  const both = Object.entries(other).map(([key, value]): [string, Json] => {
    const first = one[key];
    return [key, isFields(first) && isFields(value) ? { ...merged(first, value) } : value];
  });
  return { ...one, ...Object.fromEntries(both) };
}

function isFields(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
