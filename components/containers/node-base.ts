/** The Node that an official image carries. */

/** `node:24-slim` -> 24; null for images that do not say, or that are not the official ones. */
export function nodeMajorIn(base: string): number | null {
  const major = /^(?:docker\.io\/(?:library\/)?)?node:(\d+)/.exec(base)?.[1];
  return major === undefined ? null : Number(major);
}
