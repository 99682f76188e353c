/** File names of Nitro and Nuxt as methods and paths: `server/api/users/[id].get.ts` is GET /api/users/:id. */
import { routePath } from "../file-routes.ts";

const HANDLER = /\.[cm]?[jt]sx?$/;
const SUFFIX = /(?:\.(connect|delete|get|head|options|patch|post|put|trace))?(?:\.(dev|prod|prerender))?$/;

/** `below`: path of the file below `api/` or `routes/`; null where it makes no route of the running server. */
export function handlerRoute(below: string, prefix: string): { method: string; path: string } | null {
  if (!HANDLER.test(below) || /\.d\.[cm]?ts$/.test(below) || /(^|\/)-/.test(below)) return null;
  const plain = below.replace(HANDLER, "");
  const [suffix = "", method, environment] = SUFFIX.exec(plain) ?? [];
  if (environment === "dev" || environment === "prerender") return null;
  const names = plain.slice(0, plain.length - suffix.length).split("/");
  return { method: method?.toUpperCase() ?? "ALL", path: pathOf([...prefix.split("/"), ...names]) };
}

/** `below`: path of the file below `pages/`; null for a page of the browser alone. */
export function pagePath(below: string): string | null {
  if (!below.endsWith(".vue") || below.endsWith(".client.vue")) return null;
  const names = below.replace(/(\.server)?\.vue$/, "").split("/");
  return pathOf(names.filter((name) => name !== "index"));
}

function pathOf(names: readonly string[]): string {
  const named = names.at(-1) === "index" ? names.slice(0, -1) : names;
  return routePath(named.filter((name) => name !== "").map((name) => name.replace("[...]", "*")));
}
