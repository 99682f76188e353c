/** Files that code starts by their path: cluster workers, forked processes and worker threads. */
import { posix } from "node:path";
import type { Repo } from "../repo/repo.ts";
import type { Call, Summary, Value } from "../summary.ts";
import { sourceFile } from "./source-file.ts";

/** `fork("./job.js")`, `new Worker(path)`, `cluster.setupPrimary({ exec: path.join(__dirname, "server.js") })`. */
const LAUNCHING = /^(fork|Worker|setupMaster|setupPrimary)$/;
const MAX_DEPTH = 4;

export function launchedFiles(repo: Repo, file: string, summary: Summary): string[] {
  const folder = posix.dirname(file);
  return summary.calls.filter(isLaunch).flatMap(({ args }) => {
    const [first] = args;
    const option = first?.kind === "object" ? first.entries.find(({ key }) => key === "exec")?.value : first;
    const path = option === undefined ? "" : writtenIn(summary, option, 0);
    return /\.[cm]?[jt]s$/.test(path) ? (sourceFile(repo, folder, path) ?? []) : [];
  });
}

function isLaunch({ callee }: Call): boolean {
  if (callee.kind === "member") return LAUNCHING.test(callee.property);
  return (callee.kind === "imported" || callee.kind === "name") && LAUNCHING.test(callee.name);
}

/** The parts of a path that are written out, joined: `path.join(__dirname, "a", "b.js")` says `a/b.js`. */
function writtenIn(summary: Summary, value: Value, depth: number): string {
  if (value.kind === "literal") return String(value.value);
  const call = value.kind === "call" && depth < MAX_DEPTH ? summary.calls[value.call] : undefined;
  return posix.join(
    ...(call?.args ?? []).map((arg) => writtenIn(summary, arg, depth + 1)).filter((part) => part !== ""),
  );
}
