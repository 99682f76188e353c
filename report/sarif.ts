/** Findings as SARIF 2.1.0, the form that code scanning services and editors take. */
import type { Component } from "../components/component.ts";
import type { Assessment, FindingAnswer } from "./answers/assessment.ts";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
/** GitHub shows no more than this many results of one run. */
const MAX_RESULTS = 5000;

/** One run with every rule of the components and one result per finding; paths are relative to the repo's root. */
export function sarif(answer: Assessment, components: readonly Component[]): object {
  const rules = components.flatMap((component) => component.rules);
  const position = new Map(rules.map((rule, index) => [rule.id, index]));
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: answer.tool.name,
            semanticVersion: answer.tool.version,
            rules: rules.map((rule) => ({
              id: rule.id,
              shortDescription: { text: rule.title },
              help: { text: rule.advice },
              defaultConfiguration: { level: rule.severity },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: answer.findings
          .slice(0, MAX_RESULTS)
          .map((finding) => result(finding, position.get(finding.rule) ?? -1)),
      },
    ],
  };
}

function result(finding: FindingAnswer, ruleIndex: number): object {
  const text = [finding.message, ...(finding.routes.length > 0 ? [`Routes: ${finding.routes.join(", ")}.`] : [])].join(
    " ",
  );
  return {
    ruleId: finding.rule,
    ...(ruleIndex >= 0 ? { ruleIndex } : {}),
    level: finding.severity,
    message: { text },
    locations: [location(finding)],
    relatedLocations: finding.also.map((place) => location(place)),
    ...(finding.path.length > 0
      ? {
          codeFlows: [
            {
              threadFlows: [
                {
                  locations: finding.path.map((step) => ({
                    location: { ...location(step), message: { text: step.label } },
                  })),
                },
              ],
            },
          ],
        }
      : {}),
    partialFingerprints: { "shoreup/v1": finding.fingerprint },
    properties: { component: finding.component, confidence: finding.confidence },
  };
}

function location({ file, line }: { file: string; line: number }): object {
  const uri = file.split("/").map(encodeURIComponent).join("/");
  return {
    physicalLocation: { artifactLocation: { uri, uriBaseId: "%SRCROOT%" }, region: { startLine: Math.max(1, line) } },
  };
}
