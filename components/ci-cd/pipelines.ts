/** The pipelines of a repo, whoever runs them, and the commands that their steps run. */
import { posix } from "node:path";
import type { Model } from "../../analyzers/model.ts";
import { parseYaml } from "../../analyzers/services/container-files.ts";
import { pythonCheck } from "./python.ts";

export interface Pipeline {
  file: string;
  /** What its steps run and which ready-made steps they use, comments left out. */
  commands: readonly string[];
  /** Line of the first step that would notice a broken change, null when none would, or somebody has to start it. */
  checks: number | null;
  /** True when it runs only when somebody starts it. */
  isByHand: boolean;
  /** False when no change sets it going: it waits for somebody, for the clock, for a note in the tracker. */
  seesChanges: boolean;
}

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

/** Keys below which the providers put what a step runs. */
const commandKeys =
  /^(run|script|before_script|after_script|commands?|cmd|bash|pwsh|powershell|uses|args|entrypoint|task|template|orbs?)$/;

export function pipelinesOf({ repo }: Pick<Model, "repo">): Pipeline[] {
  return repo.files
    .filter((file) => pipelineFiles.some((pattern) => pattern.test(file)))
    .map((file) => {
      const text = repo.read(file) ?? "";
      const at = text
        .split("\n")
        .findIndex((line) => !/^\s*#/.test(line) && (checkingStep.test(line) || pythonCheck.test(line)));
      const events = eventsOf(file, text);
      const isByHand = events.length > 0 && events.every((event) => event === "workflow_dispatch");
      const seesChanges = events.length === 0 || events.some((event) => !unmoved.test(event));
      // What follows another workflow releases what that one has checked.
      const follows = events.length > 0 && events.every((event) => event === "workflow_run");
      const checks = at < 0 || isByHand || follows ? null : at + 1;
      return { file, commands: commandsIn(file, text), checks, isByHand, seesChanges };
    });
}

/** Events of GitHub's workflows that no change to the code brings about. */
const unmoved =
  /^(workflow_dispatch|schedule|issues?|issue_comment|watch|fork|discussion|discussion_comment|label|milestone)$/;

/** What sets a workflow of GitHub's going: `on: workflow_dispatch` alone is a button. Empty for the other providers. */
function eventsOf(file: string, text: string): string[] {
  if (!/\/workflows\//.test(file)) return [];
  const parsed = parseYaml(text);
  const on: unknown = typeof parsed === "object" && parsed !== null && "on" in parsed ? parsed.on : null;
  const events = typeof on === "object" && on !== null && !Array.isArray(on) ? Object.keys(on) : [on].flat();
  return events.filter((event) => typeof event === "string");
}

/** The pipeline that checks most like one would, the first else. */
export function mainPipeline(pipelines: readonly Pipeline[]): Pipeline | undefined {
  return pipelines.find(({ checks }) => checks !== null) ?? pipelines[0];
}

export function commandsIn(file: string, text: string): string[] {
  const parsed = /\.ya?ml$/.test(file) ? parseYaml(text) : null;
  if (parsed === null) return text.split("\n").filter((line) => !/^\s*(#|\/\/)/.test(line));
  const found: string[] = [];
  collect(parsed, false, found);
  return found;
}

function collect(value: unknown, isCommand: boolean, found: string[]): void {
  if (typeof value === "string") {
    if (isCommand) found.push(value.replace(/^[ \t]*#[^\n]*$/gm, ""));
  } else if (Array.isArray(value)) {
    const words = value.filter((each) => typeof each === "string");
    if (isCommand && words.length === value.length && words.every((word) => !/\s/.test(word)))
      found.push(words.join(" "));
    // `- npm test` among the steps of a provider that takes bare commands.
    else for (const each of value) collect(each, isCommand, found);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value))
      collect(each, commandKeys.test(key) || (isCommand && key !== "name"), found);
  }
}

/** Files that a command runs or reads its own commands from: scripts, Makefiles, actions of the repo, images. */
export function filesBehind(command: string, { repo }: Pick<Model, "repo">): string[] {
  const named = [...command.matchAll(/(?:^|[\s"'=])\.?\/?((?:[\w.-]+\/)*[\w.-]+\.(?:sh|[mc]?js|ts|py|ya?ml))\b/g)].map(
    ([, file = ""]) => file,
  );
  const action = /^\.\/(\.?[\w./-]+)$/.exec(command.trim())?.[1];
  const actions = action === undefined ? [] : [action, `${action}/action.yml`, `${action}/action.yaml`];
  const runners = [
    [/\bmake\b/, /(^|\/)Makefile$/],
    [/\bjust\b/, /(^|\/)justfile$/i],
    [/\btask\b/, /(^|\/)Taskfile\.ya?ml$/],
    [
      /\b(docker|podman|earthly)\b|build-push-action/,
      /(^|\/)((Docker|Contain|Earth)file[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml)$/,
    ],
  ] as const;
  const read = runners.filter(([tool]) => tool.test(command)).map(([, file]) => file);
  const direct = [...named, ...actions].flatMap((file) => (repo.has(file) ? [posix.normalize(file)] : []));
  return [
    ...direct,
    ...(read.length === 0 ? [] : repo.files.filter((file) => read.some((pattern) => pattern.test(file)))),
  ];
}
