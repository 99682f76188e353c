/** Reads what users do from the app's own `shoreup.config.json`. */
import { z } from "zod";
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Scenario } from "../experiment.ts";
import { placeholders } from "../load/template.ts";

const scenarioFileName = "shoreup.config.json";

const StepInFile = z.strictObject({
  name: z.string().min(1).exactOptional().describe("How answers to this step are called; default: method and path."),
  method: z
    .string()
    .regex(/^[A-Za-z]+$/, "must be an HTTP method")
    .default("GET"),
  path: z.string().startsWith("/", "must begin with /"),
  headers: z.record(z.string(), z.string()).exactOptional(),
  body: z.json().exactOptional().describe("Sent as JSON, or as a form when the content type says so."),
  expect: z
    .array(z.int().min(100).max(599))
    .min(1)
    .exactOptional()
    .describe("Statuses of success; default 200 to 399."),
  capture: z
    .record(z.string(), z.string().regex(/^(\/|cookie:.)/, "must be a JSON pointer or cookie:<name>"))
    .exactOptional()
    .describe("Name to a place in the answer: a JSON pointer or cookie:<name>."),
});

const ScenarioInFile = z.strictObject({
  name: z.string().min(1),
  role: z.string().min(1).describe("What experiments ask for: read, login, sign-up, checkout, upload."),
  before: z.array(StepInFile).default([]).describe("Once for each virtual user."),
  measured: z.array(StepInFile).min(1).describe("Over and over, under load."),
});

/**
 * The file's schema: what is read from the app's root, and what a JSON Schema for editors is made of.
 *
 * @public
 */
export const ScenarioFile = z.strictObject({
  $schema: z.string().exactOptional(),
  scenarios: z.array(ScenarioInFile).min(1),
});

export type ScenarioReading =
  | { kind: "absent" }
  | { kind: "scenarios"; scenarios: Scenario[] }
  /** Each problem names its place by JSON pointer, says what is wrong and what would be right. */
  | { kind: "wrong"; problems: string[] };

/** Never throws. */
export function readScenarios(repo: Pick<Repo, "read" | "has">): ScenarioReading {
  if (!repo.has(scenarioFileName)) return { kind: "absent" };
  const text = repo.read(scenarioFileName);
  if (text === null) return wrong("it cannot be read as text");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return wrong(`it is not valid JSON: ${error instanceof Error ? error.message : "syntax error"}`);
  }
  const parsed = ScenarioFile.safeParse(json);
  if (!parsed.success) return wrong(...parsed.error.issues.map(({ path, message }) => at(path, message)));
  const scenarios = parsed.data.scenarios.map(({ name, role, before, measured }): Scenario => {
    return { name, role, before: before.map(named), measured: measured.map(named) };
  });
  const problems = [...sameNames(scenarios), ...scenarios.flatMap(unfilled)];
  return problems.length > 0 ? wrong(...problems) : { kind: "scenarios", scenarios };
}

function named(step: z.infer<typeof StepInFile>): Scenario["measured"][number] {
  return { ...step, name: step.name ?? `${step.method.toUpperCase()} ${step.path}` };
}

function wrong(...problems: string[]): ScenarioReading {
  return { kind: "wrong", problems: problems.map((problem) => `${scenarioFileName}: ${problem}`) };
}

function at(path: readonly PropertyKey[], message: string): string {
  const pointer = path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  return `${pointer === "" ? "/" : pointer}: ${message}`;
}

function sameNames(scenarios: readonly Scenario[]): string[] {
  return scenarios.flatMap(({ name }, index) => {
    const first = scenarios.findIndex((other) => other.name === name);
    return first < index
      ? [at(["scenarios", index, "name"], `"${name}" is the name of /scenarios/${first} already`)]
      : [];
  });
}

/** Placeholders that nothing fills: neither built in nor captured by an earlier step. */
function unfilled(scenario: Scenario, index: number): string[] {
  const known = new Set(["unique", "n"]);
  return (["before", "measured"] as const).flatMap((phase) =>
    scenario[phase].flatMap((step, at_) => {
      const missing = placeholders(step).filter((name) => !known.has(name));
      for (const name of Object.keys(step.capture ?? {})) known.add(name);
      return missing.map((name) =>
        at(
          ["scenarios", index, phase, at_],
          `{{${name}}} is filled by nothing: use unique, n, or a name that an earlier step captures`,
        ),
      );
    }),
  );
}
