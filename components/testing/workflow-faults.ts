/** What a workflow of GitHub's must not be: refused by GitHub itself, or against the rules for safe ones. */
import { registerHooks } from "node:module";
import { parse } from "yaml";
import { z } from "zod";

// The parser imports its schema, which is JSON, without saying so: Node takes that only with the attribute.
registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context);
    return specifier.endsWith(".min.json") ? { ...found, importAttributes: { type: "json" } } : found;
  },
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");

const Step = z.looseObject({ uses: z.string().optional(), run: z.string().optional() });
const Job = z.looseObject({
  "timeout-minutes": z.number().optional(),
  uses: z.string().optional(),
  permissions: z.unknown().optional(),
  if: z.string().optional(),
  steps: z.array(Step).default([]),
});
const Workflow = z.looseObject({ permissions: z.unknown().optional(), jobs: z.record(z.string(), Job) });
type Job = z.infer<typeof Job>;

/** Every fault in words, in the order of the file; empty for a workflow that may be merged. */
export async function workflowFaults(text: string): Promise<string[]> {
  const refusals = await refusalsOf(text);
  if (refusals.length > 0) return refusals;
  const workflow = Workflow.parse(parse(text));
  const jobs = Object.entries(workflow.jobs);
  return [
    ...jobs.flatMap(([name, job]) => jobFaults(job).map((fault) => `${name}: ${fault}`)),
    ...(workflow.permissions === undefined && jobs.some(([, { permissions }]) => permissions === undefined)
      ? ["no permissions are set"]
      : []),
    ...(/permissions:\s*write-all/.test(text) ? ["all permissions are given"] : []),
  ];
}

/** By GitHub's own parser: schema, expressions and what they may name. */
async function refusalsOf(text: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: "workflow.yml", content: text }, new NoOperationTraceWriter());
  if (value !== undefined && context.errors.getErrors().length === 0) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

/** Texts that anybody can write into an issue, a branch's name or a commit. */
const untrusted = /\$\{\{[^}]*\bgithub\.(event\b|head_ref\b|ref_name\b)[^}]*\}\}/;

function jobFaults({ steps, uses, ...job }: Job): string[] {
  const limit = uses === undefined && job["timeout-minutes"] === undefined ? ["no timeout-minutes"] : [];
  const condition = /\bsecrets\./.test(job.if ?? "") ? ["a condition on a secret, which GitHub does not take"] : [];
  return [...limit, ...condition, ...steps.flatMap((step) => [...actionFaults(step.uses), ...runFaults(step.run)])];
}

function actionFaults(uses: string | undefined): string[] {
  if (uses === undefined || uses.startsWith("./")) return [];
  return /@[0-9a-f]{40}$/.test(uses) ? [] : [`${uses} is not pinned to a commit`];
}

function runFaults(run = ""): string[] {
  return [
    ...(/\$\{\{[^}]*\bsecrets\./.test(run) ? ["a secret is written into a command"] : []),
    ...(untrusted.test(run) ? ["a text from outside is written into a command"] : []),
  ];
}
