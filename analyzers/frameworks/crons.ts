/** Routes that the host itself calls at set times: the `crons` of vercel.json. */
import { posix } from "node:path";
import { parse } from "jsonc-parser";
import { z } from "zod";
import type { Route, Service } from "../model.ts";
import type { Repo } from "../repo/repo.ts";

const Settings = z.object({ crons: z.array(z.object({ path: z.string(), schedule: z.string() })) });

/** The routes, those that a schedule calls with its expression. */
export function scheduled(repo: Repo, services: readonly Service[], routes: readonly Route[]): Route[] {
  const crons = repo.files
    .filter((file) => posix.basename(file) === "vercel.json")
    .flatMap((file) => {
      const read = Settings.safeParse(parse(repo.read(file) ?? ""));
      return read.success ? read.data.crons.map((cron) => ({ ...cron, folder: posix.dirname(file) })) : [];
    });
  if (crons.length === 0) return [...routes];
  const roots = new Map(services.map(({ name, root }) => [name, root]));
  return routes.map((route) => {
    const called = crons.find(
      ({ path, folder }) => isCalled(route, path) && (folder === "." || folder === roots.get(route.service)),
    );
    return called === undefined ? route : { ...route, schedule: called.schedule };
  });
}

/** Crons come as GET. */
function isCalled({ method, path, via }: Route, wanted: string): boolean {
  if (via !== "http" || (method !== "GET" && method !== "ALL")) return false;
  const [own, other] = [path, wanted.replace(/[?#].*$/, "")].map((each) =>
    each.split("/").filter((part) => part !== ""),
  );
  if (own === undefined || other === undefined || own.length !== other.length) return false;
  return own.every((part, index) => part === other[index] || part.startsWith(":"));
}
