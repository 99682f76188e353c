/** Limits that a proxy or the host sets in front of the app, as the repo's configuration shows them. */
import { posix } from "node:path";
import type { Model, Place } from "../../analyzers/model.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";

interface Edge {
  file: RegExp;
  limits: RegExp;
  /** What else must stand in this or a neighbouring file: an nginx that only serves pages guards no API. */
  passesOn?: RegExp;
}

const edges: readonly Edge[] = [
  {
    file: /\.conf(\.template|\.tpl)?$|(^|\/)nginx\//i,
    limits: /^[ \t]*limit_req\s/m,
    passesOn: /^[ \t]*proxy_pass\s/m,
  },
  { file: /(^|\/)Caddyfile[^/]*$/, limits: /^[ \t]*rate_limit\b/m },
  { file: /(^|\/)vercel\.json$/, limits: /"rate_?limit"/i },
  {
    file: /(^|\/)wrangler\.(toml|jsonc?)$/,
    limits: /^[ \t]*"?ratelimits"?\s*[:=]|\[\[ratelimits\]\]|"?type"?\s*[:=]\s*"ratelimit"/m,
  },
  // nuxt-security limits every address unless it is told not to (its documentation, rateLimiter: 150 requests in 5 minutes).
  { file: /(^|\/)nuxt\.config\.[cm]?[jt]s$/, limits: /["']nuxt-security["'](?![^]*\brateLimiter:\s*false)/ },
  { file: /\.tf$/, limits: /cloudflare_rate_limit|rate_based_statement|http_ratelimit/ },
  { file: /\.ya?ml$/, limits: /nginx\.ingress\.kubernetes\.io\/limit-r(ps|pm)|traefik[\w.-]*\.ratelimit\./i },
];

/** The first such limit; null when the repo shows none. */
export function edgeLimit({ repo }: Model): (Place & { note: string }) | null {
  for (const { file: pattern, limits, passesOn } of edges) {
    for (const file of repo.files.filter((each) => pattern.test(each))) {
      const text = repo.read(file) ?? "";
      const found = limits.exec(text);
      if (found === null || (passesOn !== undefined && !standsNearby(repo, file, passesOn))) continue;
      const line = text
        .slice(0, found.index + found[0].length)
        .trimEnd()
        .split("\n").length;
      return { file, line, note: "limits requests before they reach the app" };
    }
  }
  return null;
}

function standsNearby(repo: Repo, file: string, pattern: RegExp): boolean {
  const folder = posix.dirname(file);
  return repo.files.some((each) => each.startsWith(folder === "." ? "" : folder) && pattern.test(textOf(repo, each)));
}

function textOf(repo: Repo, file: string): string {
  return /\.conf|nginx/i.test(file) ? (repo.read(file) ?? "") : "";
}
