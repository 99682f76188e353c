/** Django's settings as they are written in the repo: where the urls begin, what is installed, how DRF is set. */
import { own, type FileNode } from "../../../link/program.ts";
import { NONE, type Tokens } from "../../../link/token.ts";
import type { Handler, Service } from "../../../model.ts";
import { isPythonTest } from "../../../services/python/contexts.ts";
import type { LinkedApp } from "../../framework.ts";

/** What the settings of one project say. */
export interface Settings {
  files: FileNode[];
  /** The modules where urls begin. */
  roots: FileNode[];
  /** What runs before every view: middleware that counts attempts, DRF's throttles for all. */
  before: Handler[];
  /** What runs before DRF views that set nothing of their own. */
  permissions: Handler[];
}

/** Packages that refuse who tries too often once they are installed. */
const counting = /^(axes|defender)(\.|$)/;

export function settingsOf(app: LinkedApp, service: Service): Settings {
  const inside = (path: string) => app.serviceOf(path)?.name === service.name && !isPythonTest(path);
  const files = [...app.linked.solver.program.files.values()].filter(
    ({ path, summary }) =>
      inside(path) &&
      ["ROOT_URLCONF", "INSTALLED_APPS", "MIDDLEWARE", "REST_FRAMEWORK"].some((name) => name in summary.exports),
  );
  const texts = (file: FileNode, name: string): string[] => textsIn(app, tokensOf(app, file, name));
  const roots = files.flatMap((file) =>
    texts(file, "ROOT_URLCONF").flatMap((module) => {
      const found = app.linked.solver.modules.resolve(file.path, module);
      const node = found.kind === "file" ? app.linked.solver.program.files.get(found.file) : undefined;
      return node === undefined ? [] : [node];
    }),
  );
  const installed = files.flatMap((file) =>
    ["INSTALLED_APPS", "MIDDLEWARE"].flatMap((name) =>
      texts(file, name).flatMap((text) => (counting.test(text) ? [named(file, text)] : [])),
    ),
  );
  const rest = (key: string): Handler[] =>
    files.flatMap((file) => restSetting(app, file, key).map((text) => named(file, text)));
  return {
    files,
    roots: [...new Set(roots)],
    before: [...installed, ...rest("DEFAULT_THROTTLE_CLASSES")],
    permissions: rest("DEFAULT_PERMISSION_CLASSES"),
  };
}

function tokensOf({ linked: { solver } }: LinkedApp, file: FileNode, name: string): Tokens {
  const value = own(file.summary.exports, name);
  return value === undefined ? NONE : solver.evaluate(file, value, null);
}

function textsIn({ linked: { solver } }: LinkedApp, tokens: Tokens): string[] {
  return tokens.flatMap((token) => {
    if (token.kind === "literal" && typeof token.value === "string") return [token.value];
    if (token.kind !== "array") return [];
    const items = token.value.items.flatMap((item) => solver.evaluate(token.file, item, token.env));
    return items.flatMap((item) => (item.kind === "literal" && typeof item.value === "string" ? [item.value] : []));
  });
}

function restSetting(app: LinkedApp, file: FileNode, key: string): string[] {
  const { solver } = app.linked;
  return tokensOf(app, file, "REST_FRAMEWORK").flatMap((token) => {
    const entry = token.kind === "object" ? token.value.entries.find((each) => each.key === key) : undefined;
    if (entry === undefined || token.kind !== "object") return [];
    return textsIn(app, solver.evaluate(token.file, entry.value, token.env));
  });
}

/** `rest_framework.permissions.IsAuthenticated` as an api. */
function named(file: FileNode, dotted: string): Handler {
  const [first = "", ...below] = dotted.split(".");
  return { fn: null, api: `pypi:${first}:${below.join(".")}`, place: { file: file.path, line: 1 }, construction: null };
}
