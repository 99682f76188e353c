/** The app itself in the place of a developers' tool, where a script of the app's own says how it is built and started. */
import { copyOf, type Command, type Step } from "../../analyzers/deployment/dockerfile.ts";
import { expanded } from "../../analyzers/deployment/expanded.ts";
import { packedService, type ImageFile } from "../../analyzers/deployment/images.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { commandsOf } from "../../analyzers/services/toolchain.ts";
import type { Edit } from "../../patches/edit.ts";
import { misnamedEntry } from "./compiled-entry.ts";
import { insertLines, replaceLines } from "./instructions.ts";
import { commandsIn, installOf } from "./install-steps.ts";
import { withoutDevDeps } from "./mend-dev-deps.ts";
import { execForm, startCommand, type StartCommand } from "./start-command.ts";

/** Null where nothing says for certain how the app is started in production, or what has to be built for it. */
export function withoutDevServer(found: ImageFile, model: Model): Edit[] | null {
  const { file, image } = found;
  const service = packedService(model, file, image);
  const { cmd, entrypoint } = image;
  if (service === null || cmd === null || entrypoint !== null || cmd.line < image.from.line) return null;
  const start = productionStart(service, model) ?? watchedFile(cmd, service, model);
  const build = start === null ? null : missingBuild(found, start, service, model);
  if (start === null || build === null) return null;
  const command = replaceLines(file, cmd, `CMD ${JSON.stringify(start.argv).replaceAll(",", ", ")}`, model);
  if (command === null) return null;
  // What only the tool and the build needed goes with it, where that is as certain.
  const steps = build.reduce(withStep, image.steps);
  const mended = { file, image: { ...image, steps, cmd: { ...cmd, argv: start.argv, text: start.argv.join(" ") } } };
  const install = start.prunable ? installOf(image) : null;
  const smaller = install === null ? null : withoutDevDeps(mended, install, service, model);
  const built = build.map(({ endLine, text }) => insertLines(file, endLine + 1, [`RUN ${text}`], model));
  return [...built, ...(smaller ?? []), command];
}

/** A step put behind those that end before it. */
function withStep(steps: readonly Step[], step: Step): Step[] {
  return [...steps.filter(({ line }) => line <= step.line), step, ...steps.filter(({ line }) => line > step.line)];
}

/** `npm start`, else the script that is there for production; it runs one plain node process. */
function productionStart(service: Service, model: Model): StartCommand | null {
  const scripts = [service.scripts["start:prod"], service.scripts["start:production"], service.scripts["prod"]];
  const found = [
    "start" in service.scripts ? startCommand(service) : null,
    ...scripts.map((script) => (script === undefined ? null : execForm(script, service))),
  ].find((each) => each !== null && each.argv[0] === "node" && !each.argv.some((word) => word.startsWith("--watch")));
  if (found === undefined || found === null) return null;
  return misnamedEntry(service, model, found.argv) === null ? found : null;
}

/** `nodemon server.js`, with nothing told to nodemon, runs that file by node and no other way. */
function watchedFile({ argv, text }: Command, { root, scripts }: Service, { repo }: Model): StartCommand | null {
  const at = (file: string): string => (root === "." ? file : `${root}/${file}`);
  if (repo.has(at("nodemon.json")) || (repo.read(at("package.json")) ?? "").includes("nodemonConfig")) return null;
  if (Object.keys(scripts).some((name) => /^(pre|post)(start|dev)/.test(name))) return null;
  const lines = expanded(repo, root, argv?.join(" ") ?? text);
  const file = /^(?:npx )?nodemon ([\w./-]+\.[cm]?js)$/.exec(lines.at(-1) ?? "")?.[1];
  return file === undefined || !repo.has(at(file)) ? null : { argv: ["node", file], prunable: true };
}

/** The build that the start command needs and the image does not run: none, one step, or null where it has no place. */
function missingBuild({ image }: ImageFile, { argv }: StartCommand, service: Service, model: Model): Step[] | null {
  const entry = argv.at(-1) ?? "";
  const at = service.root === "." ? entry : `${service.root}/${entry}`;
  if (model.repo.has(at) || model.repo.has(`${at}.js`)) return [];
  const { outDir } = service;
  if (outDir === null || !entry.startsWith(`${outDir}/`) || !("build" in service.scripts)) return null;
  const own = image.steps.filter(({ line }) => line > image.from.line);
  if (own.some(buildsIt)) return [];
  const source = own.find((step) => copyOf(step)?.sources.includes(".") === true);
  const isRootThen = own.every((step) => step.keyword !== "USER" || source === undefined || step.line > source.line);
  const install = installOf(image);
  const after = install === null || source === undefined ? null : Math.max(install.place.endLine, source.endLine);
  if (after === null || !isRootThen || install?.from !== null) return null;
  const before = own.filter(({ line }) => line <= after).at(-1)?.endLine ?? after;
  return [{ keyword: "RUN", text: commandsOf(service, model.repo).run("build"), line: before, endLine: before }];
}

function buildsIt({ keyword, text }: Step): boolean {
  return (
    keyword === "RUN" &&
    commandsIn(text).some((each) => /\b(run build|yarn build|pnpm build|tsc|nest build)\b/.test(each))
  );
}
