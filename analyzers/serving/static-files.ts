/** Folders of files that a service hands out itself. */
import { indexIn } from "../ids.ts";
import { assignedIn, literalsIn, textOf } from "../code/text.ts";
import { isDevOnly } from "../code/dev-only.ts";
import type { CallSite, Known, Model, Service } from "../model.ts";

export interface StaticFiles {
  api: string;
  call: CallSite;
  service: Service;
  options: Known | null;
  /** The folder as it is written, its parts joined by `/`; empty when it is not written here. */
  folder: string;
}

/** Functions that hand out a folder, with the place of the folder and of the options among their arguments. */
const apis: readonly { api: string; folder: number; options: number }[] = [
  { api: "express:static", folder: 0, options: 1 },
  { api: "serve-static:", folder: 0, options: 1 },
  { api: "sirv:", folder: 0, options: 1 },
  { api: "koa-static:", folder: 0, options: 1 },
  { api: "express-static-gzip:", folder: 0, options: 1 },
];

/** Every one in server code that production runs, in source order. */
export function staticFilesOf(model: Model): StaticFiles[] {
  return apis.flatMap(({ api, folder, options }) =>
    model.usesOf(api).flatMap(({ call }) => {
      const service = model.service(call.file);
      if (service === null || model.context(call.file) !== "server" || isDevOnly(model, call)) return [];
      return [{ api, call, service, options: call.args[options] ?? null, folder: folderOf(model, call, folder) }];
    }),
  );
}

/** `path.join(__dirname, "../client", "build")` is `../client/build`; a constant is looked up in its file. */
function folderOf(model: Model, call: CallSite, index: number): string {
  const known = call.args[index];
  if (known?.kind === "literal") return String(known.value);
  if (known?.kind === "template")
    return known.parts
      .map((part) => part ?? "")
      .join("")
      .replace(/^\//, "");
  const fact = model.summary(call.file)?.calls[indexIn(call.id)];
  const written = fact?.args[index];
  const code = textOf(model, call);
  const first = code.slice(code.indexOf("(") + 1);
  if (written?.kind !== "name") return literalsIn(optionsCut(first)).join("/");
  return literalsIn(assignedIn(model.repo.read(call.file) ?? "", written.name)).join("/");
}

/** The folder's own argument: what stands before the options object. */
function optionsCut(code: string): string {
  const brace = code.search(/,\s*\{/);
  return brace < 0 ? code : code.slice(0, brace);
}
