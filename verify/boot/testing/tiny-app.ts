/** Tiny real apps for the lab's own tests: files in a temp folder and the service that the analyzers would see in them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Service } from "../../../analyzers/model.ts";
import type { Topology } from "../../experiment.ts";
import type { Stack } from "../../stack.ts";
import { bootStack, openLab, prepare, type Lab } from "../index.ts";

export interface TinyApp {
  root: string;
  service: Service;
}

/** Writes the files into a folder that is gone after the test. */
export function writeFiles(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "tiny-app-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

/** A service with nothing but these fields. */
export function serviceWith(fields: Partial<Service> = {}): Service {
  return {
    name: "tiny",
    root: ".",
    language: "javascript",
    modules: "commonjs",
    frameworks: [],
    packageManager: "npm",
    lockfile: null,
    entry: ["server.js"],
    scripts: {},
    start: null,
    build: null,
    outDir: null,
    port: { value: null, source: "PORT", place: null },
    nodeVersion: null,
    dependencies: {},
    devDependencies: {},
    env: [],
    backing: [],
    processes: [],
    ...fields,
  };
}

/** An app of one file, started by `node server.js` unless told otherwise. */
export function tinyApp(
  server: string,
  more: { files?: Record<string, string>; scripts?: Record<string, string>; service?: Partial<Service> } = {},
): TinyApp {
  const scripts = more.scripts ?? {};
  const files = { "package.json": JSON.stringify({ name: "tiny", scripts }), "server.js": server, ...more.files };
  const start = scripts["start"] ?? null;
  return {
    root: writeFiles(files),
    service: serviceWith({ scripts, start, build: scripts["build"] ?? null, ...more.service }),
  };
}

/** A lab that is closed after the test. */
export async function testLab(): Promise<Lab> {
  const lab = await openLab();
  onTestFinished(async () => {
    await lab.close();
  });
  return lab;
}

/** Prepares and boots the app in the lab. */
export async function bootTiny(
  lab: Lab,
  app: TinyApp,
  topology: Topology = { replicas: 1, processes: false },
): Promise<Stack> {
  const { root } = await prepare(lab, { root: app.root, service: app.service, side: "before" });
  return bootStack({ lab, side: "before", root, service: app.service, topology });
}

/** Body of a GET. */
export async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}
