/** The files of a Next app that its routers read, each with the place it stands at. */
import { posix } from "node:path";
import type { Service } from "../../model.ts";
import type { Repo } from "../../repo/repo.ts";
import { isInTestFolder, isTestFile } from "../../services/file-roles.ts";
import type { LinkedApp } from "../framework.ts";

export interface NextFile {
  file: string;
  /** Folders below `app/` or `pages/`. */
  folders: readonly string[];
  /** `page`, `route`, `[id]`: the name without its ending. */
  name: string;
}

export interface NextApp {
  service: Service;
  /** Prefix of every path, empty when the configuration sets none. */
  basePath: string;
  app: readonly NextFile[];
  pages: readonly NextFile[];
  /** `middleware.ts` or `proxy.ts`, and `instrumentation.ts`, beside `app/` or `pages/`. */
  middleware: string | null;
  instrumentation: string | null;
}

const CONFIG = /^next\.config\.[cm]?[jt]s$/;
const EXTENSIONS = ["tsx", "ts", "jsx", "js"];

/** One per service that is built with Next. */
export function nextApps(app: LinkedApp): NextApp[] {
  return app.services
    .filter(({ frameworks, root }) => frameworks.some(({ name }) => name === "next") && !isInTestFolder(`${root}/`))
    .map((each) => read(app, each));
}

function read(app: LinkedApp, service: Service): NextApp {
  const { repo, linked } = app;
  const { basePath, extensions } = settingsOf(repo, service);
  const own = [...linked.solver.program.files.keys()].filter(
    (file) => app.serviceOf(file) === service && !isTestFile(file) && !file.endsWith(".d.ts"),
  );
  const routed = (router: string) => filesBelow(own, folderOf(own, service, router), extensions);
  const beside = (names: readonly string[]) =>
    own.find((file) => {
      const folder = posix.relative(service.root, posix.dirname(file));
      return (
        (folder === "" || folder === "src") && names.includes(withoutExtension(posix.basename(file), extensions) ?? "")
      );
    }) ?? null;
  return {
    service,
    basePath,
    app: routed("app"),
    pages: routed("pages"),
    middleware: beside(["middleware", "proxy"]),
    instrumentation: beside(["instrumentation"]),
  };
}

/** The folder beside package.json comes before the one below `src/`, as Next looks for them. */
function folderOf(files: readonly string[], { root }: Service, router: string): string {
  const beside = posix.join(root, router);
  return files.some((file) => file.startsWith(`${beside}/`)) ? beside : posix.join(root, "src", router);
}

function filesBelow(files: readonly string[], folder: string, extensions: readonly string[]): NextFile[] {
  return files.flatMap((file) => {
    const name = file.startsWith(`${folder}/`) ? withoutExtension(posix.basename(file), extensions) : null;
    if (name === null) return [];
    const below = posix.relative(folder, posix.dirname(file));
    return [{ file, name, folders: below === "" ? [] : below.split("/") }];
  });
}

function withoutExtension(name: string, extensions: readonly string[]): string | null {
  const extension = extensions.find((each) => name.endsWith(`.${each}`));
  return extension === undefined ? null : name.slice(0, -extension.length - 1);
}

/** The two settings that move routes, where the configuration writes them out. */
function settingsOf(repo: Repo, { root }: Service): { basePath: string; extensions: readonly string[] } {
  const file = repo.files.find((each) => posix.dirname(each) === root && CONFIG.test(posix.basename(each)));
  const text = file === undefined ? "" : (repo.read(file) ?? "");
  const basePath = /^[ \t]*basePath\s*:\s*["'`](\/[^"'`$]*)["'`]/m.exec(text)?.[1] ?? "";
  const listed = /pageExtensions\s*:\s*\[([^\]]*)\]/.exec(text)?.[1] ?? "";
  const named = [...listed.matchAll(/["'`]([\w.]+)["'`]/g)].map(([, extension = ""]) => extension);
  const code = named.filter((each) => /(^|\.)[cm]?[jt]sx?$/.test(each));
  return { basePath, extensions: (code.length > 0 ? code : EXTENSIONS).toSorted((a, b) => b.length - a.length) };
}
