/** What a job carries: JSON in which dates stay dates and undefined stays undefined. */

/** The arguments of a call as plain JSON, as the queue stores them. */
export function pack(values: readonly unknown[]): unknown[] {
  return JSON.parse(JSON.stringify(values, mark));
}

/** The arguments back again. */
export function unpack(stored: readonly unknown[]): unknown[] {
  return stored.map(restore);
}

function mark(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  if (original instanceof Date) return { $date: value };
  return original === undefined ? { $undefined: true } : value;
}

function restore(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(restore);
  if ("$date" in value) return new Date(value.$date === null ? NaN : String(value.$date));
  if ("$undefined" in value) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, restore(inner)]));
}
