/** The `ports` of a compose service, in compose's short form. */

export interface Mapping {
  /** Address of the host that it is bound to, null for all of them. */
  ip: string | null;
  /** As it is written: `3000`, `${PORT:-3000}`. */
  host: string;
  container: string;
}

/** Null for the long form, ranges and ports that compose chooses itself. */
export function mappingOf(written: unknown): Mapping | null {
  if (typeof written !== "string") return null;
  const parts = written.replace(/\/tcp$/, "").match(/(?:\$\{[^}]*\}|[^:])+/g) ?? [];
  const [container, host, ...ip] = parts.toReversed();
  if (container === undefined || host === undefined || ip.length > 1) return null;
  const isPort = (text: string): boolean => /^(\d+|\$\{\w+(:?-\d+)?\}|\$\w+)$/.test(text);
  return isPort(host) && isPort(container) ? { ip: ip[0] ?? null, host, container } : null;
}

/** Of a service's block; null when one of them is written in another form. */
export function mappingsOf(block: Readonly<Record<string, unknown>>): Mapping[] | null {
  const { ports = [] } = block;
  if (!Array.isArray(ports)) return null;
  const found = ports.map(mappingOf);
  return found.every((each) => each !== null) ? found : null;
}

/** `3000` of `3000` and `${PORT:-3000}`; null when only the environment knows. */
export function numberOf(port: string): number | null {
  const found = /^(\d+)$|:?-(\d+)\}$/.exec(port);
  return found === null ? null : Number(found[1] ?? found[2]);
}
