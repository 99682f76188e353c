/** Pages that the build renders: nothing in them asks for the request, so no request ever waits for their code. */
import type { CallSite, Known, Reach, Route, Service, Use } from "../model.ts";
import { patternTable } from "../link/pattern.ts";
import type { Repo } from "../repo/repo.ts";
import type { Summary } from "../summary.ts";

/** What the decision rests on. */
export interface Seen {
  repo: Repo;
  routes: readonly Route[];
  services: readonly Service[];
  summary(file: string): Summary | null;
  uses: readonly Use[];
  reach(call: CallSite): readonly Reach[];
}

/** Functions that read the request, or say that a page must be made for each; any of them anywhere in a page does. */
const findAsking = patternTable(
  [
    "next/headers:cookies",
    "next/headers:headers",
    "next/headers:draftMode",
    "next/server:connection",
    "next/cache:unstable_noStore",
    "next/cache:noStore",
    "next-auth*:**.getServerSession",
    "next-auth:().auth",
    "@clerk/nextjs*:auth",
    "@clerk/nextjs*:currentUser",
    "@supabase/ssr:createServerClient",
    "@supabase/auth-helpers-nextjs:createServerComponentClient",
    "@supabase/auth-helpers-nextjs:createServerActionClient",
    "@auth0/nextjs-auth0*:**.getSession",
    "@kinde-oss/kinde-auth-nextjs*:getKindeServerSession",
    "@workos-inc/authkit-nextjs*:withAuth",
    "iron-session*:getIronSession",
  ].map((api) => ({ api })),
);
/** The packages of these functions: most calls are none of theirs, and comparing paths costs. */
const packages = /^(next|next-auth|@clerk|@supabase|@auth0|@kinde-oss|@workos-inc|iron-session)\b/;

/** The ids of the routes whose code runs in the build alone. */
export function prerendered(seen: Seen): ReadonlySet<string> {
  const open = seen.routes.filter((route) => mayBeStatic(route, seen));
  if (open.length === 0) return new Set();
  const dynamic = new Set<string | null>();
  for (const use of seen.uses) {
    const isAsking = packages.test(use.api) && findAsking(use.api) !== null;
    if (!isAsking && !isFetchedAnew(use)) continue;
    for (const { entry } of seen.reach(use.call)) dynamic.add(entry.routeId);
  }
  return new Set(open.flatMap(({ id }) => (dynamic.has(id) ? [] : [id])));
}

/** Pages of Next's App Router that do not say themselves that each request has its own. */
function mayBeStatic({ framework, via, file, service, path, settings, handlers }: Route, seen: Seen): boolean {
  if (framework !== "next" || via !== "page") return false;
  const root = seen.services.find(({ name }) => name === service)?.root ?? ".";
  const below = root === "." ? file : file.slice(root.length + 1);
  if (!/^(src\/)?app\//.test(below)) return false;
  if (settings?.dynamic === "force-static" || settings?.dynamic === "error") return true;
  if (settings?.dynamic === "force-dynamic" || settings?.revalidate === 0 || settings?.runtime === "edge") return false;
  const isParametric = /\/[:*]/.test(path) && !Object.hasOwn(seen.summary(file)?.exports ?? {}, "generateStaticParams");
  return (
    !isParametric && handlers.some(({ fn }) => fn !== null) && !/\bsearchParams\b/.test(seen.repo.read(file) ?? "")
  );
}

/** `fetch(url, { cache: "no-store" })`. */
function isFetchedAnew({ api, call }: Use): boolean {
  return api === "global:fetch" && call.args.some((arg) => arg.kind === "object" && isUncached(arg.entries));
}

function isUncached(entries: Readonly<Record<string, Known>>): boolean {
  const { cache, next } = entries;
  const revalidate = next?.kind === "object" ? next.entries["revalidate"] : undefined;
  return (
    (cache?.kind === "literal" && cache.value === "no-store") ||
    (revalidate?.kind === "literal" && revalidate.value === 0)
  );
}
