/** Edits to a Dockerfile that is already there: one instruction each, nothing else moves. */
import { posix } from "node:path";
import type { Command, ShippedImage } from "../../analyzers/deployment/dockerfile.ts";
import type { ImageFile } from "../../analyzers/deployment/images.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { parseYaml, record } from "../../analyzers/services/container-files.ts";
import type { Edit } from "../../patches/edit.ts";

import { writesLocalFiles } from "./image.ts";
import { insertLines, replaceLines } from "./instructions.ts";
import type { Outcome } from "./outcome.ts";
import { execForm, startCommand } from "./start-command.ts";

/** Puts `USER node` before the command, and gives that user what the app writes to; a brief where that cannot be known. */
export function mendUser({ file, image }: ImageFile, model: Model): Outcome {
  const cannot = whyNotNode(file, image, model);
  if (cannot !== null) {
    return {
      brief: {
        where: { file, line: (image.user ?? image.from).line },
        why: cannot,
        constraints: [
          "The process that serves requests must not be root.",
          "Folders the app writes to must belong to its user, those of volumes that hold data already too.",
        ],
        acceptance:
          "docker run --rm <image> id -u prints something other than 0, and the app still writes where it has to.",
      },
    };
  }
  if (image.user !== null) return edited(replaceLines(file, image.user, "USER node", model));
  const lines = [...handedOver(file, image, model), "USER node"];
  const commands = [image.entrypoint, image.cmd].flatMap((command) =>
    command === null || command.line < image.from.line ? [] : command.line,
  );
  const before = commands.length > 0 ? Math.min(...commands) : Number.POSITIVE_INFINITY;
  return edited(insertLines(file, before, lines, model));
}

/** The folders that root made and the app writes to: its own, where it writes files at all, and those made for it. */
function handedOver(file: string, image: ShippedImage, model: Model): string[] {
  const service = serviceOf(file, model);
  const own = service !== null && writesLocalFiles(service, model) && !image.chowns ? [image.workdir ?? "."] : [];
  const folders = [...new Set([...own, ...image.made])];
  return folders.length === 0 ? [] : [`RUN chown -R node:node ${folders.join(" ")}`];
}

/** Replaces a command that hides node behind npm or a shell by the exec form of what it starts. */
export function mendCommand({ file, image }: ImageFile, model: Model): Outcome {
  const target = image.cmd ?? image.entrypoint;
  const service = serviceOf(file, model);
  const argv = target === null || service === null ? null : argvOf(target, service);
  const inherited = target !== null && target.line < image.from.line;
  if (target === null || argv === null || inherited) {
    return {
      brief: {
        where: { file, line: (target ?? image.from).line },
        why: "The command starts more than one plain node process, or leans on another stage, so what must be kept is for its author to say.",
        constraints: [
          "node is process 1, in exec form.",
          "Steps before the start (migrations) move to their own command or an entry script ending in exec.",
        ],
        acceptance: "docker stop ends the container within ten seconds, and the app logs that it is shutting down.",
      },
    };
  }
  const keyword = target === image.cmd ? "CMD" : "ENTRYPOINT";
  return edited(replaceLines(file, target, `${keyword} ${JSON.stringify(argv).replaceAll(",", ", ")}`, model));
}

function argvOf(command: Command, service: Service): string[] | null {
  const line = command.argv?.join(" ") ?? command.text;
  if (/^(npm|yarn|pnpm) (run )?start$/.test(line.trim())) return startCommand(service)?.argv ?? null;
  return execForm(line, service)?.argv ?? null;
}

/** The official node images have the user `node`; data that root wrote into a volume is not handed over by a new image. */
function whyNotNode(file: string, image: ShippedImage, model: Model): string | null {
  if (!/^((docker\.io\/)?library\/|docker\.io\/)?node(:|$)/.test(image.base)) {
    return `The base image ${image.base} is not the official node image, so which unprivileged user it has is not known here.`;
  }
  const volumes = [...image.volumes, ...mountedVolumes(file, model)];
  if (volumes.length === 0) return null;
  return `The app keeps data in a volume (${volumes[0]}), whose files belong to root: they have to be handed over once, on every machine that has them.`;
}

/** Folders of named volumes that compose files mount into the image built from this folder; bind mounts are a developer's source. */
function mountedVolumes(file: string, { repo }: Model): string[] {
  const folder = posix.dirname(file);
  return repo.files
    .filter((each) => /^(docker-)?compose(\.[\w.-]+)?\.ya?ml$/.test(posix.basename(each)))
    .flatMap((each) => composeServices(repo.read(each) ?? "").map((service) => ({ each, service })))
    .filter(({ each, service }) => builtFrom(service, posix.dirname(each)) === folder)
    .flatMap(({ service }) => (Array.isArray(service["volumes"]) ? service["volumes"] : []))
    .flatMap((volume) => {
      const [source = "", target] = typeof volume === "string" ? volume.split(":") : [];
      return target !== undefined && /^\w/.test(source) ? target : [];
    });
}

function composeServices(text: string): Record<string, unknown>[] {
  return Object.values(record(record(parseYaml(text))["services"])).map(record);
}

function builtFrom(service: Record<string, unknown>, folder: string): string | null {
  const build = service["build"];
  const context = typeof build === "string" ? build : record(build)["context"];
  return typeof context === "string" ? posix.join(folder, context) : null;
}

/** The service whose folder is nearest above the Dockerfile, else the only one there is. */
function serviceOf(file: string, model: Model): Service | null {
  const folder = file.split("/").slice(0, -1).join("/") || ".";
  const near = model.services.filter(({ root }) => root === "." || folder === root || folder.startsWith(`${root}/`));
  const [nearest = null] = near.sort((a, b) => b.root.length - a.root.length);
  return nearest ?? (model.services.length === 1 ? (model.services[0] ?? null) : null);
}

function edited(edit: Edit | null): Outcome {
  return { edits: edit === null ? [] : [edit], notes: [] };
}
