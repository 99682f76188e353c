/** The script `start`, where it is certain which file runs: the plain entry, or what the app's own build writes for it. */
import { posix } from "node:path";
import { parse } from "jsonc-parser";
import type { Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import { record } from "../../analyzers/services/container-files.ts";
import { compiledFile } from "../../analyzers/services/source-file.ts";
import type { Edit } from "../../patches/edit.ts";

/** Null where the developers' command gives node more than a file, or the compiled file's place or imports are uncertain. */
export function startScriptFor(name: string, model: Model): Edit[] | null {
  const service = model.services.find((each) => each.name === name);
  const [entry, ...more] = service?.entry ?? [];
  if (service === undefined || entry === undefined || more.length > 0 || "start" in service.scripts) return null;
  if (Object.values(service.scripts).some((script) => isMoreThanAFile(script, entry))) return null;
  const file = /\.[cm]?js$/.test(entry) ? plainFile(entry, service, model) : builtFile(entry, service, model);
  if (file === null) return null;
  const manifest = service.root === "." ? "package.json" : `${service.root}/package.json`;
  return [{ kind: "json", file: manifest, path: ["scripts", "start"], value: `node ${file}` }];
}

/** `nodemon -r dotenv/config src/app.js`: what else is loaded or set belongs to the start, and not all of it may. */
function isMoreThanAFile(script: string, entry: string): boolean {
  const named = script.includes(posix.basename(entry));
  const loads =
    /(^|\s)(-r|--require|--import|--loader|--experimental-\S+|--env-file\S*)(\s|=|$)|(^|\s)[A-Z][A-Z0-9_]*=|babel/;
  return named && loads.test(script.replace(/\b(NODE_ENV|PORT)=\S+/g, ""));
}

function plainFile(entry: string, { root, modules }: Service, { repo }: Model): string | null {
  const text = repo.read(entry) ?? "";
  const isModule = /^(import\s|export\s)/m.test(text);
  // Written as a module in a package that says it is none: something compiles it on the way.
  if (entry.endsWith(".js") && isModule && modules !== "esm") return null;
  return posix.relative(root, entry);
}

/** What `tsc` as the build writes; its imports must be such as node itself resolves. */
function builtFile(entry: string, service: Service, model: Model): string | null {
  const { root, scripts } = service;
  const settings = root === "." ? "tsconfig.json" : `${root}/tsconfig.json`;
  if (!/^(npx )?tsc( -b| --build)?$/.test(scripts["build"] ?? "") || !model.repo.has(settings)) return null;
  const { compilerOptions, extends: base } = record(parse(model.repo.read(settings) ?? ""));
  const options = record(compilerOptions);
  if (base !== undefined || options["noEmit"] === true || "paths" in options || "baseUrl" in options) return null;
  const module = String(options["module"]).toLowerCase();
  if (!/^(commonjs|node16|node18|node20|nodenext)$/.test(module)) return null;
  if (module === "commonjs" && isEsm(root, model)) return null;
  const program = serverFiles(model, service).filter((file) => /\.[cm]?tsx?$/.test(file) && !file.endsWith(".d.ts"));
  return program.some((file) => importsJson(file, model)) ? null : compiledFile(model.repo, root, entry, program);
}

function isEsm(root: string, { repo }: Model): boolean {
  return /"type"\s*:\s*"module"/.test(repo.read(root === "." ? "package.json" : `${root}/package.json`) ?? "");
}

/** JSON that is imported is part of the program, and may move the output by a folder. */
function importsJson(file: string, model: Model): boolean {
  return (model.summary(file)?.imports ?? []).some(({ specifier }) => specifier.endsWith(".json"));
}
