/** Follows a value to the setting behind it: an environment name, a literal default, through constants and config objects. */
import type { Value } from "../summary.ts";
import { ENV_NAME, environmentSchema, isProcessEnv } from "./environment-schema.ts";
import { locate, MAX_DEPTH, property, type Located, type Sources } from "./located-value.ts";

/** An environment name, a literal, or both: `process.env.PORT || 4000`. `open`: something else, not known, may come first. */
export interface Setting {
  env: string | null;
  value: string | number | boolean | null;
  open: boolean;
}

const UNKNOWN: Setting = { env: null, value: null, open: true };

/** The setting that a value in a file comes down to. */
export function settingOf(value: Value, file: string, sources: Sources, depth = 0): Setting {
  if (depth > MAX_DEPTH) return UNKNOWN;
  const follow = (next: Value, where = file) => settingOf(next, where, sources, depth + 1);
  switch (value.kind) {
    case "literal":
      return { env: null, value: value.value, open: false };
    case "either":
      return value.of.map((each) => follow(each)).reduce(joined);
    case "member":
      return memberSetting(value, file, sources, depth);
    case "call":
      return callSetting(value.call, file, sources, depth);
    case "name":
    case "imported": {
      const found = locate(value, file, sources, depth + 1);
      return found === null || found.value === value ? UNKNOWN : follow(found.value, found.file);
    }
    case "template":
      return value.parts.length === 1 && value.parts[0] !== undefined && typeof value.parts[0] !== "string"
        ? follow(value.parts[0])
        : UNKNOWN;
    case "param":
    case "fn":
    case "class":
    case "object":
    case "array":
    case "operation":
    case "this":
    case "unknown":
      break;
  }
  return UNKNOWN;
}

/** The environment name of the first, the literal of whichever has one. */
function joined(first: Setting, next: Setting): Setting {
  return { env: first.env ?? next.env, value: first.value ?? next.value, open: first.open || next.open };
}

function memberSetting(
  value: Extract<Value, { kind: "member" }>,
  file: string,
  sources: Sources,
  depth: number,
): Setting {
  if (isProcessEnv(value.object)) return { env: value.property, value: null, open: false };
  const owner = locate(value.object, file, sources, depth + 1);
  const found = owner === null ? null : property(owner, value.property, sources, depth + 1);
  if (found !== null) {
    const setting = settingOf(found.value, found.file, sources, depth + 1);
    if (setting.env !== null || setting.value !== null) return setting;
  }
  return ENV_NAME.test(value.property) ? schemaSetting(value.property, owner?.file ?? file, sources) : UNKNOWN;
}

/** `Number(x)`, `normalizePort(x)`, `config.get("PORT")`, `getEnv("PORT", 4000)`, `app.get("port")`. */
function callSetting(id: number, file: string, sources: Sources, depth: number): Setting {
  const call = sources.summaries.get(file)?.calls[id];
  const first = call?.args[0];
  if (call === undefined || first === undefined) return UNKNOWN;
  const argument = settingOf(first, file, sources, depth + 1);
  const key = argument.env === null && typeof argument.value === "string" ? argument.value : null;
  if (key === null) return call.callee.kind === "fn" ? UNKNOWN : argument;
  const second = call.args[1];
  if (ENV_NAME.test(key)) {
    const fallback = second === undefined ? null : settingOf(second, file, sources, depth + 1).value;
    return { env: key, value: fallback ?? schemaSetting(key, file, sources).value, open: false };
  }
  if (call.callee.kind === "name" || call.callee.kind === "imported") return argument;
  return key.includes(".") ? namespaceSetting(key, sources, depth) : appSetting(key, file, sources, depth);
}

/** `registerAs("app", () => ({ port: x }))`, for `config.get("app.port")`. */
function namespaceSetting(key: string, sources: Sources, depth: number): Setting {
  const [name, ...path] = key.split(".");
  for (const [file, { calls, functions }] of sources.summaries) {
    for (const { callee, args } of calls) {
      const [given, made] = args;
      const isIt = callee.kind === "imported" && callee.name === "registerAs";
      if (!isIt || given?.kind !== "literal" || given.value !== name || made?.kind !== "fn") continue;
      const object = functions[made.fn]?.returns.find((value) => value.kind === "object");
      const found = path.reduce<Located | null>(
        (at, step) => (at === null ? null : property(at, step, sources, depth + 1)),
        object === undefined ? null : { value: object, file },
      );
      if (found !== null) return settingOf(found.value, found.file, sources, depth + 1);
    }
  }
  return UNKNOWN;
}

/** `app.set("port", x)` in the same file, for `app.get("port")`. */
function appSetting(key: string, file: string, sources: Sources, depth: number): Setting {
  for (const call of sources.summaries.get(file)?.calls ?? []) {
    const [name, value] = call.args;
    if (call.callee.kind !== "member" || call.callee.property !== "set") continue;
    if (name?.kind === "literal" && name.value === key && value !== undefined)
      return settingOf(value, file, sources, depth + 1);
  }
  return UNKNOWN;
}

/** The name's default in the file's environment schema (zod, Joi, envalid: any call that is handed `process.env`). */
function schemaSetting(name: string, file: string, sources: Sources): Setting {
  const entry = environmentSchema(file, sources).find((each) => each.name === name);
  return entry === undefined ? UNKNOWN : { env: name, value: entry.default, open: false };
}
