/** `routes.ts`: routes written down with `route()`, `index()`, `layout()` and `prefix()`. */
import { posix } from "node:path";
import { textsOf } from "../../link/known.ts";
import { spreadOf, type FileNode } from "../../link/program.ts";
import type { External, ObjectToken, Tokens } from "../../link/token.ts";
import type { LinkedApp } from "../framework.ts";
import type { Module } from "./module.ts";

/** Where a walk through the configuration stands. */
interface Walk {
  app: LinkedApp;
  /** Folder that file names start from. */
  folder: string;
  prefix: string;
  around: readonly FileNode[];
  depth: number;
}

interface Node {
  path: string | null;
  file: FileNode | null;
  children: Tokens;
  isIndex: boolean;
}

const HELPER = /^@react-router\/dev\/routes:(?:relative\(\)\.)?(route|index|layout|prefix)\(\)$/;
const MAX_DEPTH = 12;

/** `files`: the routes that are found by file name, where the configuration asks for them (`flatRoutes()`). */
export function modulesWritten(app: LinkedApp, config: FileNode): Module[] {
  const folder = posix.dirname(config.path);
  const tokens = app.linked.solver.exported(config, "default");
  return below(tokens, { app, folder, prefix: "", around: [], depth: 0 });
}

function below(tokens: Tokens, walk: Walk): Module[] {
  return nodesIn(tokens, walk).flatMap(({ path, file, children, isIndex }) => {
    const prefix = path === null ? walk.prefix : `${walk.prefix}/${path.replace(/^\/|\/$/g, "")}`.replace(/\/$/, "");
    const around = file === null ? walk.around : [...walk.around, file];
    const inner = { ...walk, prefix, around, depth: walk.depth + 1 };
    const modules = below(children, inner);
    if (file === null) return modules;
    const hasIndex = nodesIn(children, inner).some((each) => each.isIndex);
    return [
      {
        file,
        path: prefix === "" ? "/" : prefix,
        isPathless: path === null && !isIndex,
        hasIndex,
        around: walk.around,
      },
      ...modules,
    ];
  });
}

function nodesIn(tokens: Tokens, walk: Walk): Node[] {
  if (walk.depth > MAX_DEPTH) return [];
  const { solver } = walk.app.linked;
  return tokens.flatMap((token) => {
    if (token.kind === "array") {
      // Of `...prefix("shop", [])` the call itself is wanted: it is more than its items.
      const items = token.value.items.map((item) => spreadOf(item) ?? item);
      const inner = { ...walk, depth: walk.depth + 1 };
      return items.flatMap((item) => nodesIn(solver.evaluate(token.file, item, token.env), inner));
    }
    if (token.kind === "external") return nodeOfHelper(token, walk);
    return token.kind === "object" ? nodeOfObject(token, walk) : [];
  });
}

function nodeOfHelper(token: External, walk: Walk): Node[] {
  const { solver } = walk.app.linked;
  const helper = HELPER.exec(token.api)?.[1];
  const { via } = token;
  if (helper === undefined || via === null) return [];
  const args = via.call.fact.args.map((arg) => solver.evaluate(via.call.file, arg, via.env));
  const text = (position: number) => textsOf(solver, args[position] ?? [])[0] ?? null;
  const children = args.slice(1).findLast((arg) => arg.some(({ kind }) => kind === "array")) ?? [];
  switch (helper) {
    case "route":
      return [{ path: pathIn(text(0)), file: fileAt(walk, text(1)), children, isIndex: false }];
    case "index":
      return [{ path: null, file: fileAt(walk, text(0)), children: [], isIndex: true }];
    case "layout":
      return [{ path: null, file: fileAt(walk, text(0)), children, isIndex: false }];
    default:
      return [{ path: pathIn(text(0)), file: null, children, isIndex: false }];
  }
}

/** What the helpers make, written out. */
function nodeOfObject(token: ObjectToken, walk: Walk): Node[] {
  const { solver } = walk.app.linked;
  const text = (name: string) => textsOf(solver, solver.member(token, name))[0] ?? null;
  const file = fileAt(walk, text("file"));
  const isIndex = solver.member(token, "index").some((each) => each.kind === "literal" && each.value === true);
  return file === null
    ? []
    : [
        {
          path: text("path") === null ? null : pathIn(text("path")),
          file,
          children: solver.member(token, "children"),
          isIndex,
        },
      ];
}

/** `:id`, `:lang?` and `*` are written as they are in a path; what is not known is `*`. */
function pathIn(text: string | null): string {
  return text ?? "*";
}

function fileAt({ app, folder }: Walk, name: string | null): FileNode | null {
  if (name === null) return null;
  const { files } = app.linked.solver.program;
  const path = posix.join(folder, name);
  const endings = ["", ".tsx", ".ts", ".jsx", ".js", "/route.tsx", "/index.tsx"];
  return endings.flatMap((ending) => files.get(path + ending) ?? [])[0] ?? null;
}
