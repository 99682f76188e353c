/** `shoreup.baseline.json`: what was there when a team began to look, so that from then on only what is new is reported. */
import { z } from "zod";
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Finding } from "./finding.ts";

/** Stands in the root of the repo and is committed with it. */
export const baselineFile = "shoreup.baseline.json";

/** Rule and file are for the people who review it; the fingerprint alone decides. */
const Baseline = z.object({
  schemaVersion: z.literal(1),
  findings: z.array(z.object({ fingerprint: z.string().min(1), rule: z.string(), file: z.string() })),
});

/** `problem`: there is one, and it cannot be read; then nothing is taken for known. */
export type BaselineReading = { known: ReadonlySet<string>; problem: string | null };

export function readBaseline(repo: Repo): BaselineReading {
  const nothing: ReadonlySet<string> = new Set();
  const text = repo.has(baselineFile) ? repo.read(baselineFile) : null;
  if (text === null) return { known: nothing, problem: null };
  const baseline = Baseline.safeParse(parsed(text)).data;
  if (baseline !== undefined)
    return { known: new Set(baseline.findings.map(({ fingerprint }) => fingerprint)), problem: null };
  const problem = `${baselineFile} could not be read, so every finding counts as new: write it again with \`shoreup assess --write-baseline\`.`;
  return { known: nothing, problem };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The file's text for these findings, one line each and in a stable order, so that its diffs can be read. */
export function baselineOf(findings: readonly Pick<Finding, "fingerprint" | "rule" | "file">[]): string {
  const rows = findings
    .map(({ fingerprint, rule, file }) => ({ fingerprint, rule, file }))
    .sort((a, b) => compare(a.rule, b.rule) || compare(a.file, b.file) || compare(a.fingerprint, b.fingerprint))
    .map((row) => `    ${JSON.stringify(row)}`);
  const list = rows.length === 0 ? "[]" : `[\n${rows.join(",\n")}\n  ]`;
  return `{\n  "schemaVersion": 1,\n  "findings": ${list}\n}\n`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
