/** Whether something that runs in a container needs a development dependency after all. */
import { posix } from "node:path";
import { composedServices } from "../../analyzers/deployment/compose.ts";
import { expanded } from "../../analyzers/deployment/expanded.ts";
import type { ImageFile } from "../../analyzers/deployment/images.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { isIn } from "../../analyzers/services/manifest.ts";

/** What is called otherwise than its package. */
const binaries: Readonly<Record<string, readonly string[]>> = {
  typescript: ["tsc"],
  "@nestjs/cli": ["nest"],
  "@mikro-orm/cli": ["mikro-orm"],
  "ts-node": ["ts-node", "ts-node-esm"],
  "sequelize-cli": ["sequelize"],
  "react-scripts": ["react-scripts"],
  "@angular/cli": ["ng"],
  "@swc/cli": ["swc"],
  "@babel/cli": ["babel"],
  "@babel/node": ["babel-node"],
  "typeorm-ts-node-commonjs": ["typeorm"],
};

/** Files in which hosts, people and images say what else is run in a container. */
const telling =
  /(^|\/)(fly\.toml|render\.ya?ml|railway\.(json|toml)|Procfile[\w.]*|heroku\.yml|app\.json|[\w.-]*compose[\w.-]*\.ya?ml|[\w.-]*(entrypoint|start|run|boot|release|migrate|deploy)[\w.-]*\.sh|[\w-]*deploy[\w-]*\.(ya?ml|md)|README\.md)$/i;

/** The first package that is needed after all; null when the running app can do without every one. */
export function neededAtRuntime({ image }: ImageFile, service: Service, model: Model): string | null {
  const names = Object.keys(service.devDependencies).filter(
    (name) => !name.startsWith("@types/") && !(name in service.dependencies),
  );
  const start = [image.entrypoint, image.cmd].map((each) => each?.argv?.join(" ") ?? each?.text ?? "").join(" ");
  const commands = [start, ...composedCommands(model)].flatMap((command) =>
    expanded(model.repo, service.root, command),
  );
  return (
    names.find((name) => commands.some((command) => calls(command, name))) ??
    names.find((name) => isToldOf(name, service, model)) ??
    names.find((name) => isLoaded(name, service, model)) ??
    null
  );
}

function composedCommands({ repo }: Model): string[] {
  return composedServices(repo).flatMap(({ command }) => command ?? []);
}

/** Whether a command line runs the package's program, or loads the package (`-r dotenv/config`). */
function calls(command: string, name: string): boolean {
  return [name, ...(binaries[name] ?? [])].some((word) =>
    new RegExp(`(^|[\\s"'/=])${word.replaceAll(/[^\w-]/g, "\\$&")}(?=[\\s"'/;&|]|$)`).test(command),
  );
}

/** In a container by hand or by the host: `docker compose exec app npx prisma migrate deploy`, `release_command`. */
function isToldOf(name: string, { scripts }: Service, { repo }: Model): boolean {
  const own = Object.entries(scripts).flatMap(([script, command]) => (calls(command, name) ? script : []));
  return repo.files.some((file) => {
    if (!telling.test(file) || isIn("node_modules", file)) return false;
    const isProse = file.endsWith(".md");
    const lines = (repo.read(file) ?? "").split("\n").filter((line) => !isProse || /\bexec\b|\bdocker\b/.test(line));
    return lines.some(
      (line) =>
        (/\b(npx|exec|pnpm|yarn|bunx|node_modules|command|CMD|run|release|migrat)/i.test(line) && calls(line, name)) ||
        own.some((script) =>
          new RegExp(`\\b(npm|pnpm|yarn|bun)\\s+(run\\s+)?${script.replaceAll(/\W/g, "\\$&")}\\b`).test(line),
        ),
    );
  });
}

/** Quoted in code that runs: imported, required, or named for a library to load (`view engine`, `transport`). */
function isLoaded(name: string, { root }: Service, model: Model): boolean {
  const quoted = new RegExp(`["'\`]${name.replaceAll(/[^\w-]/g, "\\$&")}(/[^"'\`]*)?["'\`]`);
  return model.repo.files.some((file) => {
    if (!isIn(root, file) || !/\.[cm]?[jt]sx?$/.test(file) || isForDevelopers(file, model)) return false;
    const text = model.repo.read(file) ?? "";
    return quoted.test(text.replaceAll(/^\s*(import|export)\s+type\s[^;]*?from[^\n]*$/gm, ""));
  });
}

function isForDevelopers(file: string, model: Model): boolean {
  const context = model.context(file);
  return (
    ["test", "build", "browser", "script"].includes(context) || /(^|[./])config\.[cm]?[jt]s$/.test(posix.basename(file))
  );
}
