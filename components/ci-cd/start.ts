/** Servers that nothing in the repo says how to start in production. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import { answeringServices, runsOwnServer } from "../../analyzers/serving/product.ts";
import { lineHolding } from "../../analyzers/services/manifest.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";
import { startScriptFor } from "./start-script.ts";

export function startMatches(model: Model): Match[] {
  return answeringServices(model).flatMap((service) => {
    const [entry] = service.entry;
    if (service.start !== null || entry === undefined || isServerless(model, service)) return [];
    if (!runsOwnServer(model, service) || isStartedElsewhere(service, entry, model)) return [];
    const file = service.root === "." ? "package.json" : `${service.root}/package.json`;
    const line = lineHolding(model.repo.read(file) ?? "", /^[ \t]*"scripts"\s*:/m);
    return [
      match(
        "no-start-script",
        { file, line },
        {
          message: `Nothing says how ${entry} is started in production: hosts that look for npm start fail, and by hand it ends up under the developers' command.`,
          anchor: service.name,
          fix: startScriptFor(service.name, model) === null ? "brief" : "patch",
        },
      ),
    ];
  });
}

/** Files in which servers are started by other means: images, process managers, pipelines, scripts, the packages above. */
const starters =
  /(^|\/)((Docker|Contain)file[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml|Procfile\w*|[\w.-]+\.service|Makefile|justfile|ecosystem[\w.-]*|pm2[\w.-]*|[\w.-]+\.sh|app\.ya?ml|render\.ya?ml|fly\.toml|railway\.\w+|nixpacks\.toml|apprunner\.ya?ml|package\.json|nodemon\.json|\.replit|run|entrypoint|start)$|^\.github\/workflows\//;

function isStartedElsewhere({ root, outDir }: Service, entry: string, { repo }: Model): boolean {
  // npm start without a script of that name runs server.js.
  if (repo.has(posix.join(root, "server.js"))) return true;
  const own = posix.join(root, "package.json");
  const name = posix.basename(entry).replace(/\.[cm]?[jt]s$/, "");
  const started = new RegExp(
    `\\b(node|bun|deno|pm2|pm2-runtime|forever|exec)\\b[^\\n]*\\b${name.replaceAll(/\W/g, ".")}\\b`,
  );
  return repo.files.some((file) => {
    if (!starters.test(file) || file === own) return false;
    const text = repo.read(file) ?? "";
    return started.test(text) || (outDir !== null && text.includes(outDir)) || isProcessList(file);
  });
}

function isProcessList(file: string): boolean {
  return /^(ecosystem|pm2)/.test(posix.basename(file));
}
