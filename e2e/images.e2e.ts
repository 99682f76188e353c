/** What the patches say about containers, taken at its word: the sample app built and run by a real Docker engine. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { components } from "../components/registry.ts";
import { ApplyAnswer } from "../report/answers/changes.ts";
import { shoreup, type Ending } from "./command.ts";

const engine = spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { encoding: "utf8" });
const why = engine.status === 0 ? "" : ": skipped, no Docker engine answers on this machine";
const Manifest = z.object({ devDependencies: z.record(z.string(), z.string()) });
/** Without a registry there is no image of an S3 server: then files stay on the disk, and that part of the file is not tried. */
const hasBucket = why === "" && spawnSync("docker", ["pull", "--quiet", "chrislusf/seaweedfs:4.47"]).status === 0;
const wanted = components.map(({ id }) => id).filter((id) => hasBucket || id !== "object-storage");
const left = hasBucket ? "" : ", without its bucket (no image of an S3 server is to be had here)";
const project = `shoreup-e2e-${process.pid}`;

function docker(...words: string[]): string {
  return execFileSync("docker", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

describe.skipIf(why !== "")(`the patched sample app in containers${left}${why}`, () => {
  let work: string;
  let app: string;
  let applied: Ending;
  const compose = (...words: string[]): string =>
    docker("compose", "-p", project, "-f", join(app, "compose.yaml"), ...words);
  const containerOf = (service: string): string => compose("ps", "--quiet", "--all", service);

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), "shoreup-images-"));
    app = join(work, "app");
    cpSync(join(import.meta.dirname, "apps", "ticket-shop"), app, { recursive: true });
    applied = await shoreup(["apply", app, "--component", wanted.join(","), "--lockfile", "--json"]);
    compose("up", "--detach", "--build", "--quiet-pull");
  }, 600_000);

  afterAll(() => {
    compose("down", "--volumes", "--rmi", "local", "--timeout", "5");
    rmSync(work, { recursive: true, force: true });
  });

  async function untilHealthy(container: string): Promise<string> {
    for (let waited = 0; waited < 60; waited += 1) {
      const health = docker("inspect", "--format", "{{.State.Health.Status}}", container);
      if (health !== "starting") return health;
      await sleep(1000);
    }
    return "starting";
  }

  it("has an image, a compose file and a lockfile in step", () => {
    expect(applied).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/at .*\.ts:\d+/) });
    expect(ApplyAnswer.parse(JSON.parse(applied.stdout)).files).toEqual(
      expect.arrayContaining(["Dockerfile", "compose.yaml", "package-lock.json"]),
    );
  });

  it("becomes healthy by its own check, with every service that it waits for", async () => {
    expect(await untilHealthy(containerOf("app"))).toBe("healthy");
    const states = compose("ps", "--all", "--format", "{{.Service}} {{.State}} {{.ExitCode}}").split("\n");
    const expected = ["app running 0", "migrate exited 0", "postgres running 0", "worker running 0"];
    expect(states.toSorted()).toEqual(hasBucket ? [...expected, "s3 running 0"].toSorted() : expected);
  });

  it("runs as nobody in particular, with node as the process that gets signals", () => {
    const container = containerOf("app");
    expect(docker("exec", container, "id", "-u")).not.toBe("0");
    expect(JSON.parse(docker("inspect", "--format", "{{json .Config.Cmd}}", container))).toEqual([
      "node",
      "dist/index.js",
    ]);
  });

  it("ships no development package, no secret, no history", () => {
    const inside = docker("exec", containerOf("app"), "sh", "-c", "ls -A . node_modules");
    const names = new Set(inside.split(/\s+/));
    const { devDependencies } = Manifest.parse(JSON.parse(readFileSync(join(app, "package.json"), "utf8")));
    const shipped = Object.keys(devDependencies).filter((name) => !name.includes("/") && names.has(name));
    expect(shipped).toEqual([]);
    expect(["dist", "node_modules"].filter((name) => !names.has(name))).toEqual([]);
    expect([".env", ".git", ".github"].filter((name) => names.has(name))).toEqual([]);
  });

  it("answers requests that need the database, which the app's own migrations have set up", async () => {
    const port = compose("port", "app", "4000").split(":").at(-1);
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(answer.status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/api/events`)).status).toBe(200);
  });

  it.each(["app", "worker"])("ends %s in order when it is told to stop", (service) => {
    const container = containerOf(service);
    docker("stop", "--time", "20", container);
    expect(docker("inspect", "--format", "{{.State.ExitCode}} {{.State.OOMKilled}}", container)).toBe("0 false");
  });
});
