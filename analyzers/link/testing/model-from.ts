/** A model of a few files written in a test. */
import { extract } from "../../extract/extract.ts";
import { modelOf } from "../../model-of.ts";
import type { Model, Reach } from "../../model.ts";
import { memoryRepo } from "../../repo/memory.ts";
import { isComponent, isSource } from "../../repo/source-file.ts";

/** Links the files of a small repo; a package.json that starts `app.js` or `app.ts` is added when there is none. */
export function modelFrom(files: Record<string, string>): Model {
  const start = ["app.ts", "app.js", "src/app.ts", "src/index.ts"].find((file) => file in files) ?? "app.js";
  const manifest = JSON.stringify({
    name: "app",
    scripts: { start: `node ${start}` },
    dependencies: { express: "^5.0.0" },
  });
  const repo = memoryRepo({ "package.json": manifest, ...files });
  const isRead = (file: string) => isSource(file) || isComponent(file);
  const summaries = new Map(repo.files.filter(isRead).map((file) => [file, extract(file, repo.read(file) ?? "")]));
  return modelOf(repo, summaries, {});
}

/** `GET /users` per route, sorted. */
export function routesOf(model: Model): string[] {
  return model.routes.map(({ method, path }) => `${method} ${path}`).toSorted();
}

/** The ways to the only call of an api: `POST /pay: pay > charge > stripe:...`, marked when the entry does not wait. */
export function waysTo(model: Model, api: string): string[] {
  const [use] = model.usesOf(api);
  if (use === undefined) return ["not found"];
  return model.reach(use.call).map(wayText);
}

function wayText({ entry, path, detached }: Reach): string {
  return `${detached ? "detached " : ""}${entry.label}: ${path.map((step) => step.label).join(" > ")}`;
}
