/** What the command's exit code says. */
export const exitCodes = {
  /** Nothing at or above the threshold; no patch made anything worse, and what was to be proven was. */
  clean: 0,
  /** Findings at or above `--fail-on`; a regressed or broken verdict, or none that came to a word. */
  findings: 1,
  /** Bad usage, a repo or machine that does not allow the work, or a fault of ours. */
  failed: 2,
  /** There is nothing here that we can judge. */
  unsupported: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
