/** The images that a repo builds for production, by what they run: Node or Python. */
import { posix } from "node:path";
import type { Model, Service } from "../model.ts";
import { composedServices } from "./compose.ts";
import { isIn } from "../services/manifest.ts";
import { isForDevelopers, shippedImage, type ShippedImage } from "./dockerfile.ts";

export interface ImageFile {
  file: string;
  image: ShippedImage;
}

const otherServer = /(^|\/)(nginx|httpd|caddy|postgres|redis|mysql|mongo)([:/-]|$)/;

/**
 * Production Dockerfiles whose image runs Node; those of other servers (nginx, Postgres) are none of our business. Several of
 * one file where compose builds several of its stages.
 */
export function nodeImages({ repo }: Pick<Model, "repo">): ImageFile[] {
  const composed = composedServices(repo).filter(({ runsOnce }) => !runsOnce);
  return repo.files.filter(isDockerfile).flatMap((file) => {
    const text = repo.read(file) ?? "";
    const plain = shippedImage(text);
    const named = composed.flatMap(({ dockerfile, target }) => (dockerfile === file && target !== null ? target : []));
    const asked = [...new Set(named)]
      .filter((target) => !isForDevelopers(target) && target.toLowerCase() !== plain?.stage)
      .map((target) => shippedImage(text, target));
    return [plain, ...asked].flatMap((image) =>
      image !== null && (runsNode(image) || startsNode(image, repo)) ? [{ file, image }] : [],
    );
  });
}

/** A command that leaves it to a script of the repo to start Node. */
function startsNode(image: ShippedImage, repo: Model["repo"]): boolean {
  const scripts: readonly string[] = commandOf(image).match(/[\w.-]+\.sh\b/g) ?? [];
  return (
    !otherServer.test(image.base) &&
    repo.files.some((file) => scripts.includes(posix.basename(file)) && startingNode.test(repo.read(file) ?? ""))
  );
}

const startingNode = /^[ \t]*(?:exec[ \t]+|\{[ \t]*)*(?:node|npm|npx|yarn|pnpm|bun)[ \t]/m;

function isDockerfile(file: string): boolean {
  const name = posix.basename(file);
  const production = !/(^|[./_-])(dev|development|test|local|devcontainer|e2e)([./_-]|$)/i.test(file);
  return production && (/^(Dockerfile|Containerfile)(\.[\w-]+)?$/i.test(name) || /\.dockerfile$/i.test(name));
}

/** Production Dockerfiles whose image runs Python. */
export function pythonImages({ repo, services }: Pick<Model, "repo" | "services">): ImageFile[] {
  if (!services.some(({ language }) => language === "python")) return [];
  return repo.files.filter(isDockerfile).flatMap((file) => {
    const image = shippedImage(repo.read(file) ?? "");
    return image !== null && !runsNode(image) && runsPython(image) ? [{ file, image }] : [];
  });
}

const otherLanguage =
  /(^|\/)(golang|rust|openjdk|eclipse-temurin|amazoncorretto|php|ruby|elixir)([:@-]|$)|dotnet|aspnet/;

/** Production Dockerfiles of which nobody can say what runs in them: a base of the maker's own, a supervisor. */
export function obscureImages({ repo }: Pick<Model, "repo">): ImageFile[] {
  return repo.files.filter(isDockerfile).flatMap((file) => {
    const image = shippedImage(repo.read(file) ?? "");
    if (image === null || otherServer.test(image.base) || otherLanguage.test(image.base)) return [];
    return runsNode(image) || startsNode(image, repo) || runsPython(image) ? [] : [{ file, image }];
  });
}

function runsNode(image: ShippedImage): boolean {
  const { base } = image;
  return (
    !otherServer.test(base) &&
    (/(^|\/)(node|bun)([:@-]|$)|nodejs/.test(base) || /\b(node|npm|yarn|pnpm|tsx|ts-node|bun)\b/.test(commandOf(image)))
  );
}

/** True for an image whose last stage stands on Python, or whose command starts it. */
export function runsPython(image: ShippedImage): boolean {
  const { base } = image;
  return (
    !otherServer.test(base) &&
    (/python|uvicorn|gunicorn|pypy/i.test(base) ||
      /\b(python3?|uvicorn|gunicorn|hypercorn|daphne|flask|fastapi|celery)\b/.test(commandOf(image)))
  );
}

function commandOf({ entrypoint, cmd }: ShippedImage): string {
  return [entrypoint, cmd].map((each) => each?.argv?.join(" ") ?? each?.text ?? "").join(" ");
}

/**
 * The service that an image packs: the one in whose folder its Dockerfile lies, else the one whose folder its command names
 * (`node apps/api/dist/server.js`), else the repo's only one.
 */
export function packedService(
  { services }: Pick<Model, "services">,
  file: string,
  image: ShippedImage | null = null,
): Service | null {
  const folder = posix.dirname(file);
  const above = services.filter(({ root }) => root === folder || (root !== "." && isIn(root, file)));
  const at = above.toSorted((a, b) => b.root.length - a.root.length);
  const [only, ...others] = services;
  const words = image === null ? "" : commandOf(image);
  const started = services.find(({ root }) => root !== "." && words.includes(`${root}/`));
  return (
    at[0] ??
    started ??
    (only !== undefined && others.length === 0 ? only : (services.find(({ root }) => root === ".") ?? null))
  );
}

/** Hosts that run the image that a Dockerfile describes, whatever compose does with it. */
const runsImages: ReadonlySet<string> = new Set([
  "aws-app-runner",
  "aws-ecs",
  "caprover",
  "cloud-run",
  "digitalocean",
  "fly",
  "kubernetes",
  "railway",
  "render",
]);

/** Images that go to production as far as the repo says: those of a compose file that mounts the source over them do not. */
export function shippedImages(model: Pick<Model, "repo" | "deploy">): ImageFile[] {
  const composed = composedServices(model.repo);
  const elsewhere = model.deploy.some(({ target }) => runsImages.has(target));
  return nodeImages(model).filter(({ file, image }) => {
    if (image.stage !== null && /(^|[-_])(dev|devel|development|test|debug|local)([-_]|$)/.test(image.stage))
      return false;
    const uses = composed.filter(({ dockerfile }) => dockerfile === file);
    return elsewhere || uses.length === 0 || uses.some(({ purpose }) => purpose !== "development");
  });
}
