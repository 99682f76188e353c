/** `shoreup assess`: what the app is, what would break under load, what it needs now and what not yet. */
import { type Command, Option } from "commander";
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Severity } from "../../components/finding.ts";
import type { Assessment } from "../../report/answers/assessment.ts";
import { quoted } from "../../report/text/layout.ts";
import { printable } from "../../analyzers/repo/printable.ts";
import { assessed, judged } from "../assessing.ts";
import { writeBaseline } from "../baseline-file.ts";
import { exitCodes } from "../exit-codes.ts";
import { openTarget } from "../target.ts";
import { answerJson, answerText, appCommand, type AppOptions, type Door, listOption } from "../verb.ts";

interface Options extends AppOptions {
  failOn: Severity | "never";
  all: boolean;
  hidden: boolean;
  baseline: boolean;
  writeBaseline: boolean;
  finding?: string[];
}

const THRESHOLDS: Record<Options["failOn"], readonly Severity[]> = {
  error: ["error"],
  warning: ["error", "warning"],
  note: ["error", "warning", "note"],
  never: [],
};

export function assess(door: Door): Command {
  return appCommand("assess", "say what would break under load, with file, line and route", [
    "text",
    "json",
    "sarif",
    "markdown",
  ])
    .addOption(
      new Option("--fail-on <severity>", "exit 1 from this severity on")
        .choices(Object.keys(THRESHOLDS))
        .default("warning"),
    )
    .addOption(
      listOption("-f, --finding <ids>", "only these findings: F3, a rule or a fingerprint; none is left when cured"),
    )
    .option("--all", "list everything, however long", false)
    .option("--hidden", "add what is plausible but unproven", false)
    .option("--no-baseline", "report what shoreup.baseline.json knows, too")
    .option("--write-baseline", "take every finding of today for known: writes shoreup.baseline.json", false)
    .action(async (path: string, options: Options) => run(door, path, options));
}

async function run(door: Door, path: string, options: Options): Promise<void> {
  const repo = await openTarget(path, door.progress);
  if (options.writeBaseline) {
    const { judgement } = await judged(door, repo, { ...options, baseline: false });
    return writeBaseline(door, repo.root, judgement.findings);
  }
  const answer = await answerFor(door, repo, options);
  if (options.finding !== undefined && answer.findings.length === 0) {
    door.progress.end();
    door.terminal.say(`None of ${printable(options.finding.join(", "))} is here: cured, or never there.`);
  }
  switch (options.format) {
    case "json":
      answerJson(door, answer);
      break;
    case "sarif": {
      const [{ sarif }, { components }] = await Promise.all([
        import("../../report/sarif.ts"),
        import("../../components/registry.ts"),
      ]);
      answerJson(door, sarif(answer, components));
      break;
    }
    case "markdown": {
      const { assessmentMarkdown } = await import("../../report/markdown/assessment.ts");
      answerText(door, assessmentMarkdown(answer));
      break;
    }
    case "text": {
      if (options.finding !== undefined && answer.findings.length === 0) break;
      const { assessmentText } = await import("../../report/text/assessment.ts");
      const next = answer.findings.some((finding) => finding.fix === "patch")
        ? `shoreup harden ${quoted(printable(path))} writes the patches and proves them`
        : "shoreup components lists what is looked for";
      answerText(door, assessmentText(answer, { canvas: door.terminal.canvas, all: options.all, next }));
    }
  }
  const failing = THRESHOLDS[options.failOn];
  door.finish(
    answer.findings.some((finding) => failing.includes(finding.severity)) ? exitCodes.findings : exitCodes.clean,
  );
}

/** All that is found, or those that are named, however sure they are. */
async function answerFor(door: Door, repo: Repo, options: Options): Promise<Assessment> {
  const { finding: named } = options;
  if (named === undefined) return assessed(door, repo, options);
  const answer = await assessed(door, repo, { ...options, hidden: true });
  const findings = answer.findings.filter((each) =>
    [each.id, each.rule, each.fingerprint].some((name) => named.includes(name)),
  );
  const components = answer.components.filter(({ component }) => findings.some((each) => each.component === component));
  return { ...answer, findings, components };
}
