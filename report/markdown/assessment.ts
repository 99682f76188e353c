/** The assessment for a pull request, an issue or a chat. */
import type { Assessment } from "../answers/assessment.ts";
import { count } from "../text/layout.ts";
import { code, plain, table } from "./escape.ts";

const VERDICTS = {
  add_now: "add now",
  not_yet: "not yet",
  in_place: "in place",
  not_applicable: "not needed",
  unknown: "unknown",
} as const;

export function assessmentMarkdown(answer: Assessment): string {
  const name = answer.services[0]?.name ?? "This app";
  const blocks = [
    `## ${plain(name)}: ${count(answer.findings.length, "finding")}`,
    answer.findings.length === 0
      ? "Nothing found that would break under load."
      : table(
          ["", "Where", "What", "Routes"],
          answer.findings.map((finding) => [
            `${finding.id} ${finding.severity}`,
            code(`${finding.file}:${finding.line}`),
            `${plain(finding.title)} (${code(finding.rule)})`,
            finding.routes.slice(0, 3).map(code).join(" ") +
              (finding.routes.length > 3 ? ` and ${finding.routes.length - 3} more` : ""),
          ]),
        ),
    table(
      ["Component", "Verdict", "Why"],
      answer.components.map((each) => [
        each.component,
        VERDICTS[each.verdict],
        plain(each.reason + (each.tripWire === null ? "" : ` Trip-wire: ${each.tripWire}`)),
      ]),
    ),
    ...(answer.skipped.length > 0
      ? [
          `Left out: ${answer.skipped
            .slice(0, 10)
            .map(({ file, reason }) => `${code(file)} (${plain(reason)})`)
            .join(", ")}${answer.skipped.length > 10 ? ` and ${answer.skipped.length - 10} more` : ""}.`,
        ]
      : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}
