/** The canonical form of an answer: what stays the same when the same request is sent to the same app again. */

/** `literal` values came out alike in every sample; `some` differ by nature and keep only their type. */
export type Shape =
  | { kind: "literal"; value: string | number | boolean | null }
  | { kind: "some"; type: string }
  | { kind: "array"; items: Shape | null }
  | { kind: "object"; entries: Record<string, Shape>; optional: string[] };

export interface CanonicalAnswer {
  status: number;
  /** `application/json`, without parameters. */
  type: string;
  /** Null when the body is not JSON. */
  body: Shape | null;
}

const volatileKey =
  /(^|_)(id|uuid|ref|nonce|hash|date|time|token|secret|key|code|expires|session|slug)$|Id$|At$|Date$|Time$|Token$|_at$/i;
const volatileText = [
  // ISO dates, with or without a time.
  /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d)?/,
  // UUIDs and their like, then JSON web tokens, then long random marks.
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i,
  /^[\w-]+\.[\w-]+\.[\w-]+$/,
  /(?=\w*\d)\w{16,}/,
];
const deepest = 12;

export function canonicalAnswer(answer: {
  status: number;
  headers: { "content-type"?: string | undefined };
  body: string;
}): CanonicalAnswer {
  const type = (answer.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!type.includes("json")) return { status: answer.status, type, body: null };
  try {
    const value: unknown = JSON.parse(answer.body);
    return { status: answer.status, type, body: shapeOf(value, "", 0) };
  } catch {
    return { status: answer.status, type, body: null };
  }
}

function shapeOf(value: unknown, key: string, depth: number): Shape {
  if (value === null) return { kind: "literal", value };
  if (depth > deepest) return { kind: "some", type: "deep" };
  if (Array.isArray(value)) {
    const items = value.map((item) => shapeOf(item, key, depth + 1));
    return { kind: "array", items: items.length === 0 ? null : items.reduce(mergeShapes) };
  }
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([name, inner]) => [name, shapeOf(inner, name, depth + 1)]);
    return { kind: "object", entries: Object.fromEntries(entries), optional: [] };
  }
  if (typeof value === "string") {
    const isVolatile = volatileKey.test(key) || volatileText.some((pattern) => pattern.test(value));
    return isVolatile ? { kind: "some", type: "string" } : { kind: "literal", value };
  }
  if (typeof value === "number")
    return volatileKey.test(key) ? { kind: "some", type: "number" } : { kind: "literal", value };
  return typeof value === "boolean" ? { kind: "literal", value } : { kind: "some", type: typeof value };
}

/** What two samples have in common: where they differ, only the type is kept. */
export function mergeShapes(one: Shape, other: Shape): Shape {
  if (one.kind === "object" && other.kind === "object") return mergeObjects(one, other);
  if (one.kind === "array" && other.kind === "array") {
    const items = one.items && other.items ? mergeShapes(one.items, other.items) : (one.items ?? other.items);
    return { kind: "array", items };
  }
  if (one.kind === "literal" && other.kind === "literal" && one.value === other.value) return one;
  const [type, otherType] = [typeOf(one), typeOf(other)];
  return { kind: "some", type: type === otherType ? type : "any" };
}

type ObjectShape = Extract<Shape, { kind: "object" }>;

function mergeObjects(one: ObjectShape, other: ObjectShape): ObjectShape {
  const entries: Record<string, Shape> = {};
  const optional = new Set([...one.optional, ...other.optional]);
  for (const key of new Set([...Object.keys(one.entries), ...Object.keys(other.entries)])) {
    const [left, right] = [one.entries[key], other.entries[key]];
    const merged = left && right ? mergeShapes(left, right) : (left ?? right);
    if (merged) entries[key] = merged;
    if (!left || !right) optional.add(key);
  }
  return { kind: "object", entries, optional: [...optional] };
}

export function typeOf(shape: Shape): string {
  if (shape.kind === "some") return shape.type;
  if (shape.kind !== "literal") return shape.kind;
  return shape.value === null ? "null" : typeof shape.value;
}
