/** The files of a service, for frameworks that find their routes by place. */
import type { FileNode } from "../link/program.ts";
import type { Service } from "../model.ts";
import { isTestFile } from "../services/file-roles.ts";
import type { LinkedApp } from "./framework.ts";

export function hasFramework({ frameworks }: Service, name: string): boolean {
  return frameworks.some((each) => each.name === name);
}

/** Own files of the service that can hold routes: tests are none, and neither is what belongs to a service below it. */
export function filesBelow(app: LinkedApp, service: Service): FileNode[] {
  return [...app.linked.solver.program.files.values()].filter(
    ({ path }) => app.serviceOf(path) === service && !isTestFile(path),
  );
}
