/** What a setting of the environment is in a container, as far as the manifests beside it and its image say. */
import { record } from "../../../analyzers/services/container-files.ts";
import type { Case } from "./case.ts";

/** Null where nothing sets it; `unknown` where something does that is not in the repo. */
export function settingOf(name: string, { body, beside, run }: Case): string | null {
  const own = list(body["env"])
    .map(record)
    .find((each) => each["name"] === name);
  if (own !== undefined) {
    if (own["value"] !== undefined) return textOf(own["value"]);
    const { name: map, key } = record(record(own["valueFrom"])["configMapKeyRef"]);
    const value = typeof map === "string" ? mapNamed(map, beside)?.[String(key)] : undefined;
    return value === undefined ? "unknown" : textOf(value);
  }
  const maps = list(body["envFrom"]).flatMap((each) => {
    const { name: map } = record(record(each)["configMapRef"]);
    return typeof map === "string" ? [mapNamed(map, beside)] : [];
  });
  const set = maps.find((map) => map !== undefined && name in map)?.[name];
  if (set !== undefined) return textOf(set);
  if (maps.includes(undefined)) return "unknown";
  const steps = run?.image?.image.steps ?? [];
  const baked = steps.flatMap(({ keyword, text }) =>
    keyword === "ENV" ? (new RegExp(`(?:^|\\s)${name}[=\\s]\\s*["']?([^\\s"']+)`).exec(text)?.[1] ?? []) : [],
  );
  return baked.at(-1) ?? null;
}

/** Numbers and booleans as the container gets them. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function mapNamed(name: string, beside: Case["beside"]): Record<string, unknown> | undefined {
  const found = beside.filter((each) => each.kind === "ConfigMap" && each.name === name);
  return found.length === 0 ? undefined : Object.assign({}, ...found.map(({ body }) => record(body["data"])));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
