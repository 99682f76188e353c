/** Routes of a Next app as the model has them. */
import type { FileNode } from "../../link/program.ts";
import type { Handler, Place, Route, RouteSettings } from "../../model.ts";
import { withSettings } from "../settings.ts";
import type { NextApp } from "./tree.ts";

export interface NextRoute {
  method: string;
  /** Without the app's base path. */
  path: string;
  via: Route["via"];
  file: FileNode;
  place: Place;
  middleware: Handler[];
  handlers: Handler[];
  settings: RouteSettings;
}

export function nextRoute({ service, basePath }: NextApp, route: NextRoute): Route {
  const { method, via, file, place, middleware, handlers, settings } = route;
  const path = basePath + (basePath !== "" && route.path === "/" ? "" : route.path);
  return {
    id: `${method} ${path} ${file.path}`,
    method,
    via,
    path,
    file: place.file,
    line: place.line,
    service: service.name,
    framework: "next",
    middleware,
    handlers,
    registration: null,
    ...withSettings(settings),
  };
}
