/** Looks for a pipeline that checks each change before it ships. */
import type { Model } from "../../analyzers/model.ts";
import { declaringFile } from "../declaring-file.ts";
import type { Presence } from "../component.ts";
import type { Match } from "../finding.ts";
import { pythonCheck } from "./python.ts";
import { unitsOf } from "./units.ts";

/** Where the pipelines of the usual providers are defined. */
const pipelineFiles = [
  /^\.github\/workflows\/[^/]+\.ya?ml$/,
  /^\.gitlab-ci\.ya?ml$/,
  /^\.circleci\/config\.ya?ml$/,
  /^azure-pipelines(\.[\w-]+)?\.ya?ml$/,
  /^bitbucket-pipelines\.ya?ml$/,
  /^\.travis\.ya?ml$/,
  /^\.drone\.ya?ml$/,
  /^\.woodpecker(\.ya?ml|\/[^/]+\.ya?ml)$/,
  /^\.buildkite\/[^/]+\.ya?ml$/,
  /^\.forgejo\/workflows\/[^/]+\.ya?ml$/,
  /^\.gitea\/workflows\/[^/]+\.ya?ml$/,
  /^Jenkinsfile$/,
  /^appveyor\.ya?ml$/,
  /^cloudbuild\.ya?ml$/,
  /^buildspec\.ya?ml$/,
];

/** A step that would notice a broken change: tests, types, lint or build, by script or by tool. */
const checkingStep =
  /\b(npm|pnpm|yarn|bun)\s+(run\s+)?(-\S+\s+)*(test|t|build|lint|check|type-?check|types|verify|validate|coverage)\b|\b(vitest|jest|mocha|tsc|eslint|biome|playwright test|node --test|turbo|nx)\b/;

export function presence(model: Model): Presence {
  const pipelines = pipelinesOf(model);
  const checking = pipelines.find(({ line }) => line !== null);
  if (checking) {
    const { file, line } = checking;
    return { status: "in_effect", evidence: [{ file, line: line ?? 1, note: "runs checks on changes" }] };
  }
  return {
    status: pipelines.length > 0 ? "present" : "absent",
    evidence: pipelines.map(({ file }) => ({ file, line: 1, note: "a pipeline without a check" })),
  };
}

export function detect(model: Model): Match[] {
  const [unit] = unitsOf(model);
  if (unit === undefined || pipelinesOf(model).length > 0) return [];
  return [
    {
      rule: "ci-cd/no-ci",
      file: declaringFile(unit, model),
      line: 1,
      confidence: "high",
      message:
        "No pipeline checks a change before it ships, so the first to notice a broken build or test are the users.",
      also: [],
      routes: [],
      path: [],
      call: null,
      anchor: "repo",
      fix: unitsOf(model).some(({ language }) => language === "python") ? "brief" : "patch",
    },
  ];
}

/** Every pipeline file with the line of its first checking step, null when it checks nothing. */
function pipelinesOf({ repo }: Model): { file: string; line: number | null }[] {
  return repo.files
    .filter((file) => pipelineFiles.some((pattern) => pattern.test(file)))
    .map((file) => {
      const lines = (repo.read(file) ?? "").split("\n");
      const at = lines.findIndex((line) => !/^\s*#/.test(line) && (checkingStep.test(line) || pythonCheck.test(line)));
      return { file, line: at < 0 ? null : at + 1 };
    });
}
