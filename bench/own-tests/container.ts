/** Runs a command of a foreign app in a container: narrow, timed, and without a way out once the packages are there. */
import { execFile, execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

export interface Box {
  /** Name of the image; it has node, npm and what compiles native modules. */
  image: string;
  /** Folder of the copy on this machine; the container sees it as /app. */
  folder: string;
  /** Folder for what the packages' clients keep, shared by both copies. */
  cache: string;
  /** `bridge` while packages are fetched; afterwards that of the services' container, which is cut off. */
  network: string;
  env: Readonly<Record<string, string>>;
}

export interface Ran {
  /** Exit code of the command; 124 when it ran out of time. */
  code: number;
  text: string;
}

const limits = ["--memory", "4g", "--pids-limit", "512", "--cpus", "1.5"];
const narrow = ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
const signals = ["SIGINT", "SIGTERM"] as const;
const most = 64 * 1024 * 1024;

function docker(args: readonly string[]): string {
  return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

/** Why no container can be started here; null when one can. */
export function obstacle(image: string): string | null {
  try {
    docker(["version", "--format", "{{.Server.Version}}"]);
  } catch {
    return "No Docker engine answers. The apps' own tests are foreign code and run only in containers: start an engine first.";
  }
  try {
    docker(["image", "inspect", image]);
    return null;
  } catch {
    return `The image ${image} is not there. Build it: docker build -t ${image} bench/own-tests`;
  }
}

/** Runs a command in a container of its own and writes what it said into a file. */
export async function run(box: Box, command: string, seconds: number, log: string): Promise<Ran> {
  const env = Object.entries(box.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const mounts = ["--volume", `${box.folder}:/app`, "--volume", `${box.cache}:/cache`, "--workdir", "/app"];
  const timed = ["timeout", "--kill-after", "10", String(seconds), "sh", "-c", command];
  const args = ["run", "--rm", "--init", ...limits, ...narrow, "--network", box.network, ...env, ...mounts, box.image];
  return new Promise((resolve) => {
    execFile("docker", [...args, ...timed], { maxBuffer: most }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      const text = `${out}\n${err}`;
      writeFileSync(log, `$ ${command}\n${text}\nexit code ${code}\n`);
      resolve({ code, text });
    });
  });
}

/** What the tests find at localhost, each server new. */
export interface Services {
  /** The network that a command joins to reach them. */
  network: string;
  stop: () => void;
}

/** Starts Postgres and Redis in one network namespace without a way out; a command joins it and finds both at localhost. */
export async function services(postgres: URL): Promise<Services> {
  const inner = docker(["network", "create", "--internal", `own-tests-${process.pid}`]);
  const environment = ["--env", "POSTGRES_HOST_AUTH_METHOD=trust", "--env", `POSTGRES_USER=${postgres.username}`];
  const database = [
    "--env",
    `POSTGRES_PASSWORD=${postgres.password}`,
    "--env",
    `POSTGRES_DB=${postgres.pathname.slice(1)}`,
  ];
  const first = docker(["run", "--detach", "--network", inner, ...environment, ...database, "postgres:17"]);
  const second = docker(["run", "--detach", "--network", `container:${first}`, "redis:7"]);
  const stop = (): void => {
    for (const signal of signals) process.removeListener(signal, interrupted);
    docker(["rm", "--force", "--volumes", second, first]);
    docker(["network", "rm", inner]);
  };
  const interrupted = (): void => {
    stop();
    process.exit(130);
  };
  for (const signal of signals) process.once(signal, interrupted);
  for (let tries = 0; tries < 60; tries += 1) {
    try {
      docker(["exec", first, "pg_isready", "--host", "127.0.0.1", "--username", postgres.username]);
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  return { network: `container:${first}`, stop };
}
