/** What the machine offers the lab: programs on its path, and the few settings a child may see. */
import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);

/** The path for children: this Node first, then the machine's folders, without the tools of whatever project we were started from. */
export function ownPath(): string {
  const inherited = (process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(delimiter);
  const folders = inherited.filter((folder) => folder.startsWith("/") && !folder.includes("node_modules"));
  return [...new Set([dirname(process.execPath), ...folders])].join(delimiter);
}

/** The program's full path, null when the machine does not have it. */
export function findProgram(name: string): string | null {
  for (const folder of [...ownPath().split(delimiter), "/usr/sbin", "/sbin"]) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** First number-like word a program prints about its version, empty when it does not say. */
export async function versionOf(program: string, flag: string): Promise<string> {
  try {
    const { stdout, stderr } = await run(program, [flag], { timeout: 5000, env: { PATH: ownPath() } });
    return /\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0] ?? "";
  } catch {
    return "";
  }
}

/** An address without a password in it; anything else is a secret of ours and stays here. */
function withoutSecret(value: string | undefined): string | null {
  return value === undefined || value === "" || /\/\/[^/]*@/.test(value) ? null : value;
}

let settings: Promise<Record<string, string>> | null = null;

async function readPackageSettings(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"]) {
    const value = withoutSecret(process.env[name] ?? process.env[name.toLowerCase()]);
    if (value !== null) found[name] = value;
  }
  try {
    const { stdout } = await run("npm", ["config", "ls", "-l", "--json"], { timeout: 20_000, maxBuffer: 4_000_000 });
    const config = z.record(z.string(), z.unknown()).parse(JSON.parse(stdout));
    for (const key of ["registry", "cache", "cafile", "proxy", "https-proxy", "noproxy", "nodedir"]) {
      const value = config[key];
      const open = typeof value === "string" ? withoutSecret(value) : null;
      if (open !== null) found[`npm_config_${key.replace("-", "_")}`] = open;
    }
  } catch {
    // npm is asked again, and heard, when something is installed.
  }
  return found;
}

/** Where packages, and the headers that native ones are built with, come from on this machine; for install steps only. Read once. */
export function packageSettings(): Promise<Record<string, string>> {
  settings ??= readPackageSettings();
  return settings;
}

/** A script beside the calling module: the source tree has `.ts`, the compiled package `.js`. */
export function siblingScript(name: string, from: string): string {
  return fileURLToPath(new URL(`${name}${from.endsWith(".ts") ? ".ts" : ".js"}`, from));
}
