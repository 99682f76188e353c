/** Hono's paths: patterns behind parameters, and OpenAPI's braces. */

/** `/:id{[0-9]+}` and OpenAPI's `/{id}` become `/:id`. */
export function plainText(path: string): string {
  return path.replace(/:([\w-]+)\{(?:[^{}]|\{[^{}]*\})*\}/g, ":$1").replace(/\{([\w-]+)\}/g, ":$1");
}
