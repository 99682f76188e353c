/** Which packages a service really imports, where first, and which of them are frameworks. */
import type { Place, Service } from "../model.ts";
import { launches } from "./command.ts";
import type { Manifest } from "./manifest.ts";
import type { Summaries } from "./located-value.ts";

/** Framework package -> the name people say. `runsItself`: started by its own command, so code need not import it. */
const FRAMEWORKS: Record<string, { name: string; runsItself?: true; server?: true }> = {
  express: { name: "express", server: true },
  fastify: { name: "fastify", server: true },
  koa: { name: "koa", server: true },
  hono: { name: "hono", server: true },
  "@nestjs/core": { name: "nestjs", server: true },
  "@hapi/hapi": { name: "hapi", server: true },
  restify: { name: "restify", server: true },
  polka: { name: "polka", server: true },
  elysia: { name: "elysia", server: true },
  "@trpc/server": { name: "trpc", server: true },
  "@apollo/server": { name: "apollo", server: true },
  "apollo-server": { name: "apollo", server: true },
  "apollo-server-express": { name: "apollo", server: true },
  mercurius: { name: "mercurius", server: true },
  "graphql-yoga": { name: "graphql-yoga", server: true },
  "socket.io": { name: "socket.io", server: true },
  next: { name: "next", runsItself: true, server: true },
  nuxt: { name: "nuxt", runsItself: true, server: true },
  "@sveltejs/kit": { name: "sveltekit", runsItself: true, server: true },
  "@remix-run/react": { name: "remix", server: true },
  "@react-router/node": { name: "react-router", server: true },
  "@react-router/dev": { name: "react-router", runsItself: true, server: true },
  "@tanstack/react-start": { name: "tanstack-start", runsItself: true, server: true },
  "@tanstack/solid-start": { name: "tanstack-start", runsItself: true, server: true },
  "@tanstack/start": { name: "tanstack-start", runsItself: true, server: true },
  nitropack: { name: "nitro", runsItself: true, server: true },
  nitro: { name: "nitro", runsItself: true, server: true },
  astro: { name: "astro", runsItself: true, server: true },
  "@angular/core": { name: "angular" },
  react: { name: "react" },
  vue: { name: "vue" },
  svelte: { name: "svelte" },
  "solid-js": { name: "solid" },
  preact: { name: "preact" },
};

/** Names, as in {@link Service.frameworks}, that serve requests. */
export const SERVER_FRAMEWORKS: ReadonlySet<string> = new Set(
  Object.values(FRAMEWORKS).flatMap((framework) => (framework.server === true ? [framework.name] : [])),
);

/** Package name -> the first place that imports it at run time. */
export function packagesImported(files: readonly string[], summaries: Summaries): Map<string, Place> {
  const found = new Map<string, Place>();
  for (const file of files) {
    for (const { specifier, typeOnly, span } of summaries.get(file)?.imports ?? []) {
      const name = packageName(specifier);
      if (!typeOnly && name !== null && !found.has(name)) found.set(name, { file, line: span.line });
    }
  }
  return found;
}

/** `@scope/name/deep` -> `@scope/name`; null for relative, absolute and aliased imports. */
function packageName(specifier: string): string | null {
  if (specifier.startsWith("node:")) return specifier;
  return /^(@[a-z0-9~-][\w.~-]*\/[\w.~-]+|[a-z0-9~-][\w.~-]*)/i.exec(specifier)?.[1] ?? null;
}

/** The command by which each of these frameworks is built and run. */
const COMMANDS: Readonly<Record<string, RegExp>> = {
  next: /^next$/,
  nuxt: /^(nuxt|nuxi)$/,
  "@sveltejs/kit": /^svelte-kit$/,
  "@react-router/dev": /^react-router$/,
  astro: /^astro$/,
};

/**
 * Frameworks that are declared (here or in a package above) and imported; the version is the declared range. One whose command
 * the package's scripts call may be declared by what the package builds on.
 */
export function findFrameworks(
  manifest: Manifest,
  above: readonly Manifest[],
  imported: ReadonlyMap<string, Place>,
): Service["frameworks"] {
  const tools = Object.values(manifest.scripts).flatMap((command) =>
    launches(command).flatMap((launch) => (launch.kind === "tool" ? [launch.tool] : [])),
  );
  const found = Object.entries(FRAMEWORKS).flatMap(([pkg, { name, runsItself }]) => {
    const own = declaredVersion(manifest, pkg);
    const command = COMMANDS[pkg];
    const isCalled = command !== undefined && tools.some((tool) => command.test(tool));
    const used = imported.has(pkg) || (runsItself === true && own !== null);
    const version = own ?? above.map((each) => declaredVersion(each, pkg)).find((each) => each !== null) ?? null;
    return (used && version !== null) || isCalled ? [{ name, version }] : [];
  });
  return found.filter((each, index) => found.findIndex((other) => other.name === each.name) === index);
}

function declaredVersion(manifest: Manifest, pkg: string): string | null {
  return manifest.dependencies[pkg] ?? manifest.devDependencies[pkg] ?? manifest.optionalDependencies[pkg] ?? null;
}
