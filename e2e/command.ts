/** Runs the command from the checkout, as the README says, and gives what a caller sees. */
import { spawn } from "node:child_process";
import { join } from "node:path";

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  seconds: number;
}

const main = join(import.meta.dirname, "..", "cli", "main.ts");

export interface Running {
  pid: number;
  /** Resolves when stderr holds the text. */
  said(text: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ending>;
}

/** Starts `shoreup <words>`; `env` is added to ours. */
export function start(words: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Running {
  const began = performance.now();
  const child = spawn(process.execPath, [main, ...words], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ code, signal, stdout, stderr, seconds: (performance.now() - began) / 1000 });
    });
  });
  return {
    pid: child.pid ?? 0,
    async said(text) {
      const finished = ended.then(() => true);
      while (!text.test(stderr)) {
        const over = await Promise.race([finished, new Promise<false>((resolve) => setTimeout(resolve, 100, false))]);
        if (over && !text.test(stderr)) throw new Error(`The command ended without saying ${text}:\n${stderr}`);
      }
    },
    kill: (signal) => child.kill(signal),
    ended,
  };
}

export function shoreup(words: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ending> {
  return start(words, options).ended;
}
