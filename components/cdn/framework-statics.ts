/** Folders that Fastify, Hono and Nest hand out by plugins and methods of their own. */
import { isDevOnly } from "../../analyzers/code/dev-only.ts";
import type { CallSite, Known, Model } from "../../analyzers/model.ts";
import type { StaticFiles } from "../../analyzers/serving/static-files.ts";

export function frameworkStatics(model: Model): StaticFiles[] {
  const found = [
    ...model.usesOf("fastify:**.register").flatMap(({ call }) => ofFastify(call)),
    ...model.usesOf("@hono/node-server/serve-static:serveStatic").map(({ api, call }) => ofOptions(api, call, 0)),
    ...model.usesOf("@nestjs/core:NestFactory.create().useStaticAssets").map(({ call }) => ofNest(call)),
  ];
  return found.flatMap((files) => {
    const service = model.service(files.call.file);
    if (service === null || model.context(files.call.file) !== "server" || isDevOnly(model, files.call)) return [];
    return [{ ...files, service }];
  });
}

type Unowned = Omit<StaticFiles, "service">;

function ofFastify(call: CallSite): Unowned[] {
  const [plugin] = call.args;
  const isStatic =
    plugin?.kind === "external" && /^(@fastify\/static|fastify-static):(default|fastifyStatic)?$/.test(plugin.api);
  return isStatic ? [ofOptions("@fastify/static:", call, 1)] : [];
}

function ofOptions(api: string, call: CallSite, index: number): Unowned {
  const options = call.args[index] ?? null;
  const root = options?.kind === "object" ? (options.entries["root"] ?? options.entries["path"]) : undefined;
  return { api, call, options, folder: written(root) };
}

function ofNest(call: CallSite): Unowned {
  const [folder, options] = call.args;
  return { api: "useStaticAssets", call, options: options ?? null, folder: written(folder) };
}

/** What is known of a path: `path.join(__dirname, "..", "public")` says nothing here. */
function written(value: Known | undefined): string {
  if (value?.kind === "literal") return String(value.value);
  return value?.kind === "template" ? value.parts.map((part) => part ?? "").join("") : "";
}
