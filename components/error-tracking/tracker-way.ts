/** How errors of a service can be brought to a tracker by lines in its own code, or why the recipe has none. */
import { posix } from "node:path";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { isSource } from "../../analyzers/repo/source-file.ts";
import { SERVER_FRAMEWORKS } from "../../analyzers/services/packages-used.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";
import { nestApp, type NestApp } from "../../analyzers/serving/nest-app.ts";

export type TrackerWay =
  /** The start files, each of which imports the tracker's start before anything else. */
  | {
      kind: "first-import";
      entries: readonly [string, ...string[]];
      honoApps: readonly CallSite[];
      nest: NestApp | null;
    }
  /** The file that Next.js asks for its hooks, which is yet to be written. */
  | { kind: "next-hooks"; file: string }
  /** What is in the way, as the end of a sentence that begins with "because"; and how it is done there. */
  | { kind: "by-hand"; cannot: string; instead: readonly string[] };

/** Frameworks whose errors the tracker's Node package sees when it is started first. */
const seen: ReadonlySet<string> = new Set(["express", "fastify", "koa", "hono", "socket.io"]);
/** Frameworks that answer errors by themselves, with the package that is made for each. */
const ownPackages: Readonly<Record<string, string>> = {
  nuxt: "@sentry/nuxt",
  sveltekit: "@sentry/sveltekit",
  remix: "@sentry/remix",
  "react-router": "@sentry/react-router",
  astro: "@sentry/astro",
  "tanstack-start": "@sentry/tanstackstart-react",
};
/** Put into one file with the packages outside, the tracker would be started after what it has to see. */
const bundler = /\b(esbuild|tsup|tsdown|ncc|webpack|rspack|rollup|vite|rolldown|pkgroll|parcel|unbuild|bun build)\b/;
/** What somebody starts by hand, and watches. */
const doneOnce = /(^|[/._-])(seed|migrat)/i;
/** @sentry/node 11 asks for 20.19 (its `engines`), which every image of 20 has come to. */
const oldestNode = 20;

export function trackerWay(model: Model, service: Service): TrackerWay {
  const names = service.frameworks.flatMap(({ name }) => (SERVER_FRAMEWORKS.has(name) ? [name] : []));
  const own = names.find((name) => name in ownPackages);
  if (own !== undefined)
    return byHand(`${own} answers errors before a tracker in the server would see them`, [
      byOwnGuide(ownPackages[own] ?? ""),
    ]);
  const isNest = names.includes("nestjs");
  if (!isNest && answersItself(model, service))
    return byHand("GraphQL and tRPC answer errors themselves, so that the server never sees them", [
      "Report in the hook that sees them: `formatError` or a plugin of the GraphQL server, `onError` of the tRPC adapter.",
    ]);
  if (names.includes("next")) return nextHooks(model, service, names);
  if (isServerless(model, service))
    return byHand("the host runs functions, which stop before a report is sent", [
      "The tracker's package for this host, or `await Sentry.flush(2000)` before the function answers.",
    ]);
  const foreign = names.find((name) => !seen.has(name));
  if (!isNest && foreign !== undefined)
    return byHand(`the recipe does not know how ${foreign} hands on its errors`, []);
  return started(model, service, { isNest, isHono: names.includes("hono") });
}

function answersItself({ routes }: Model, { name }: Service): boolean {
  return routes.some((route) => route.service === name && (route.via === "rpc" || route.via === "graphql"));
}

/** The hook for failed requests is stable since Next.js 15 (its documentation of instrumentation.js). */
function nextHooks(model: Model, { root, language, dependencies }: Service, names: readonly string[]): TrackerWay {
  const inRoot = (path: string): string => posix.join(root, path);
  const folder = ["src/app", "src/pages"].some((path) =>
    model.repo.files.some((file) => file.startsWith(`${inRoot(path)}/`)),
  )
    ? "src"
    : "";
  const file = inRoot(posix.join(folder, `instrumentation.${language === "typescript" ? "ts" : "js"}`));
  const isThere = ["ts", "js", "mts", "mjs"].some((ending) => model.repo.has(file.replace(/\w+$/, ending)));
  const major = majorOf(dependencies.next);
  if (major < 15 || isThere || names.some((name) => name !== "next" && name !== "socket.io"))
    return byHand(
      "the recipe writes for apps of Next.js 15 and later that have no instrumentation file and no server of their own",
      [byOwnGuide("@sentry/nextjs")],
    );
  return { kind: "next-hooks", file };
}

function started(model: Model, service: Service, { isNest, isHono }: { isNest: boolean; isHono: boolean }): TrackerWay {
  if (isHeldBelow(model, service, oldestNode))
    return byHand("the app is held on a Node older than 20, which the tracker's package no longer supports", [
      "Raise Node first: what is older than 22 gets no security fixes any more.",
    ]);
  if (/\bbunx?\b/.test(service.start ?? ""))
    return byHand("Bun runs it, for which the tracker has another package", [
      "`@sentry/bun`, started in a file that `bun --preload` names.",
    ]);
  if (bundler.test(service.build ?? ""))
    return byHand("the build puts the app into one file, in which the tracker would start too late", [
      "Start it beforehand: `node --import ./instrument.mjs dist/index.js`, with `Sentry.init` in that file.",
    ]);
  const beside = service.processes.flatMap(({ entry = [] }) => entry);
  const [first, ...others] = [...new Set([...service.entry, ...beside])].filter(
    (file) => ["server", "worker"].includes(model.context(file)) && !doneOnce.test(file),
  );
  if (others.some((file) => !isSource(file)) || (first !== undefined && !isSource(first)))
    return byHand("the file that the app starts from has no ending that says what it is written in", [
      "Import the tracker's start as its first line.",
    ]);
  if (first === undefined) return byHand("the file that the app starts from is not known", []);
  const honoApps = isHono ? madeIn(model, first) : [];
  if (isHono && honoApps.length !== 1)
    return byHand("the Hono app that all requests go through was not found", [
      "`app.use(Sentry.honoMiddleware(app))` as its first middleware.",
    ]);
  const nest = isNest ? nestApp(model, service) : null;
  if (isNest && (nest === null || !isNestKnown(service)))
    return byHand("the recipe writes for one app of Nest 8 to 11 that a module of its own makes", [
      "`@sentry/nestjs`: its start as the first import, `SentryGlobalFilter` as the first `APP_FILTER` of the root module.",
    ]);
  return { kind: "first-import", entries: [first, ...others], honoApps, nest };
}

/** Those that @sentry/nestjs 10 asks for (its `peerDependencies`). */
function isNestKnown({ dependencies }: Service): boolean {
  const major = majorOf(dependencies["@nestjs/core"]);
  return major >= 8 && major <= 11;
}

/** The Hono apps that a file makes. */
function madeIn(model: Model, file: string): CallSite[] {
  return model.usesOf("hono:Hono").flatMap(({ call }) => (call.file === file && call.isNew ? [call] : []));
}

function byOwnGuide(name: string): string {
  return `\`${name}\`, set up as its own guide says; what runs in the server and what runs in browsers are started apart.`;
}

function byHand(cannot: string, instead: readonly string[]): TrackerWay {
  return { kind: "by-hand", cannot, instead };
}
