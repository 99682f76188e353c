/** What `middleware.ts`, or `proxy.ts` since Next 16, runs before a path's own code. */
import type { Handler } from "../../model.ts";
import { exportedValue, exportPlace, exportTokens, hasExport } from "../exported.ts";
import type { LinkedApp } from "../framework.ts";
import { layersOf } from "../layers.ts";
import { matcherOf } from "./matcher.ts";
import type { NextApp } from "./tree.ts";

const NAMES = ["middleware", "proxy", "default"];

/** The handlers in front of a path, none where the matcher leaves it out. */
export function middlewareOf(app: LinkedApp, { middleware, basePath }: NextApp): (path: string) => Handler[] {
  const file = middleware === null ? undefined : app.linked.solver.program.files.get(middleware);
  const name = file === undefined ? undefined : NAMES.find((each) => hasExport(app, file, each));
  if (file === undefined || name === undefined) return () => [];
  const { wrappers, work } = layersOf(app, exportTokens(app, file, name), exportPlace(app, file, name));
  const config = exportedValue(app, file, "config");
  const matches = matcherOf(
    config.kind === "object" ? (config.entries["matcher"] ?? { kind: "unknown" }) : { kind: "unknown" },
  );
  const handlers = [...wrappers, work];
  return (path) => (matches(path.slice(basePath.length) || "/") ? handlers : []);
}
