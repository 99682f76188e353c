/** Edits to a Dockerfile that is already there: one instruction each, nothing else moves. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Command } from "./dockerfile.ts";
import type { ImageFile } from "./detect.ts";
import type { Outcome } from "./recipe.ts";
import { execForm, startCommand } from "./start-command.ts";

/** Puts `USER node` before the command; a brief where the base has no such user or the app must write where root wrote. */
export function mendUser({ file, image }: ImageFile, model: Model): Outcome {
  const cannot = whyNotNode(file, image.base, image.chowns, model);
  if (cannot !== null) {
    return {
      brief: {
        where: { file, line: (image.user ?? image.from).line },
        why: cannot,
        constraints: [
          "The process that serves requests must not be root.",
          "Folders the app writes to must belong to its user.",
        ],
        acceptance:
          "docker run --rm <image> id -u prints something other than 0, and the app still writes where it has to.",
      },
    };
  }
  if (image.user !== null) return edited(replaceLines(file, image.user, "USER node", model));
  const commands = [image.entrypoint, image.cmd].flatMap((command) =>
    command === null || command.line < image.from.line ? [] : command.line,
  );
  return edited(
    insertLine(file, commands.length > 0 ? Math.min(...commands) : Number.POSITIVE_INFINITY, "USER node", model),
  );
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

/** The official node images have the user `node`; a folder that the app writes to belongs to root unless someone gave it away. */
function whyNotNode(file: string, base: string, chowns: boolean, model: Model): string | null {
  if (!/^((docker\.io\/)?library\/|docker\.io\/)?node(:|$)/.test(base)) {
    return `The base image ${base} is not the official node image, so which unprivileged user it has is not known here.`;
  }
  const service = serviceOf(file, model);
  const writes = model.uses.some(
    (use) =>
      use.kind === "file-write" &&
      model.context(use.call.file) === "server" &&
      model.service(use.call.file)?.name === service?.name,
  );
  return writes && !chowns
    ? "The app writes files at run time, and the folders in the image belong to root: which of them must be writable is for its author to say."
    : null;
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

function replaceLines(file: string, at: { line: number; endLine: number }, text: string, model: Model): Edit | null {
  const starts = lineStarts(model.repo.read(file) ?? "");
  const start = starts[at.line - 1];
  const end = (starts[at.endLine] ?? (model.repo.read(file) ?? "").length + 1) - 1;
  if (start === undefined) return null;
  const carriage = (model.repo.read(file) ?? "")[end - 1] === "\r" ? 1 : 0;
  return { kind: "replace", file, start, end: end - carriage, text };
}

function insertLine(file: string, before: number, text: string, model: Model): Edit {
  const content = model.repo.read(file) ?? "";
  const newline = content.includes("\r\n") ? "\r\n" : "\n";
  const at = lineStarts(content)[before - 1] ?? content.length;
  const lead = at === content.length && content !== "" && !content.endsWith("\n") ? newline : "";
  return { kind: "replace", file, start: at, end: at, text: `${lead}${text}${newline}` };
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
