/** The scripts of package.json that run with an install, and whether they get along without development dependencies. */
import { expanded } from "../../analyzers/deployment/expanded.ts";
import type { Model, Service } from "../../analyzers/model.ts";

const gitHooks = /^((is-ci|CI=true)\s*\|\|\s*)?(npx\s+)?(husky|simple-git-hooks|lefthook)(\s+install)?$/;
const tolerant = /\|\|\s*(true|:|exit 0|echo\b.*)$/;

/**
 * What has to run before the install: nothing, or the removal of a hook for git, which an image has no use for and whose tool
 * is left out. Null where a script may need what is left out.
 */
export function hooksWithoutDev(service: Service, model: Model): string | null {
  const { scripts, dependencies, devDependencies } = service;
  const manager = service.packageManager ?? "npm";
  // Its own hook makes the client by the command that lies among the development dependencies.
  if ("@prisma/client" in dependencies && "prisma" in devDependencies) return null;
  const names = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"];
  const open = names.filter((name) => {
    const script = scripts[name];
    return script !== undefined && !tolerant.test(script) && !standsAlone(script, service, model);
  });
  if (open.length === 0) return "";
  const isForGit = open.length === 1 && open[0] === "prepare" && gitHooks.test((scripts["prepare"] ?? "").trim());
  // Yarn 1 leaves `prepare` out of a production install.
  if (isForGit && manager === "yarn") return "";
  return isForGit && (manager === "npm" || manager === "pnpm") ? "npm pkg delete scripts.prepare" : null;
}

/** Every command it comes to is node's own, or of a package that stays. */
function standsAlone(script: string, { root, dependencies }: Service, { repo }: Model): boolean {
  return expanded(repo, root, script)
    .flatMap((line) => line.split(/&&|;/))
    .every((command) => {
      const [program = "", next = ""] = command.trim().split(/\s+/);
      const name = program === "npx" ? next : program;
      return ["node", "echo", "npm", "yarn", "pnpm"].includes(name) || name in dependencies;
    });
}
