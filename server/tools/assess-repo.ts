/** `assess_repo`: what would break under load, where, and which components are missing. */
import { z } from "zod";
import { statuses } from "../../components/assess.ts";
import { judge } from "../../components/findings.ts";
import { clip, componentIds, nextActions, pageOf, path } from "../shapes.ts";
import { readTarget } from "../target.ts";
import { defineTool } from "../tool.ts";

const Finding = z.object({
  id: z.string(),
  rule: z.string(),
  severity: z.enum(["error", "warning", "note"]),
  confidence: z.enum(["high", "medium", "low"]),
  at: z.string().describe("file:line"),
  message: z.string(),
  routes: z.array(z.string()),
  path: z.array(z.string()).optional().describe("From the route to the call, each as file:line label."),
  fix: z.enum(["patch", "brief", "none"]),
});

export const assessRepo = defineTool({
  name: "assess_repo",
  title: "Assess a repo",
  description:
    "Reads a JavaScript, TypeScript or Python server app (nothing is executed) and says what will break when users come: slow work in requests, missing timeouts, no rate limits, lost requests at deploy. Each finding has file:line and the path from the route. Start here.",
  input: z.strictObject({
    path,
    components: componentIds.describe("Only these components, for example queue or resilience."),
    detail: z.enum(["concise", "detailed"]).default("concise").describe("detailed adds the call path of each finding."),
    limit: z.int().min(1).max(50).default(20),
    cursor: z.string().regex(/^\d+$/, "must be a nextCursor of an earlier answer").optional(),
  }),
  output: z.object({
    summary: z.string(),
    services: z.array(
      z.object({ name: z.string(), frameworks: z.array(z.string()), entry: z.array(z.string()), routes: z.int() }),
    ),
    components: z.array(
      z.object({ component: z.string(), verdict: z.string(), reason: z.string(), tripWire: z.string().nullable() }),
    ),
    findings: z.array(Finding),
    total: z.int(),
    nextCursor: z.string().nullable(),
    skipped: z.int().describe("Files left out; the command line names them."),
    nextActions,
  }),
  effect: "reads",
  async handle({ path: where, components: wanted, detail, limit, cursor }, { session }) {
    const { model } = await readTarget(where, session.options);
    const judgement = judge(model);
    const states = statuses(model, judgement).filter(({ component }) => wanted?.includes(component) ?? true);
    const findings = judgement.findings.filter(({ component }) => wanted?.includes(component) ?? true);
    const rows = findings.map((finding): z.infer<typeof Finding> => ({
      id: finding.id,
      rule: finding.rule,
      severity: finding.severity,
      confidence: finding.confidence,
      at: `${finding.file}:${finding.line}`,
      message: clip(finding.message),
      routes: finding.routes.slice(0, 5).map((route) => clip(route, 100)),
      ...(detail === "detailed"
        ? { path: finding.path.slice(0, 8).map((step) => clip(`${step.file}:${step.line} ${step.label}`, 160)) }
        : {}),
      fix: finding.fix,
    }));
    const page = pageOf(rows, Number(cursor ?? 0), limit, 5000);
    const now = states.filter(({ verdict }) => verdict === "add_now").map(({ component }) => component);
    return {
      summary: `${findings.length} findings on ${model.routes.length} routes. ${now.length > 0 ? `Add now: ${now.join(", ")}.` : "Nothing to add now."}`,
      services: model.services.slice(0, 6).map(({ name, frameworks, entry }) => ({
        name,
        frameworks: frameworks.map((each) => `${each.name}${each.version === null ? "" : ` ${each.version}`}`),
        entry: entry.slice(0, 3),
        routes: model.routes.filter(({ service }) => service === name).length,
      })),
      components: states.map(({ component, verdict, reason, tripWire }) => ({
        component,
        verdict,
        reason: clip(reason, 160),
        tripWire,
      })),
      findings: page.items,
      total: findings.length,
      nextCursor: page.next === null ? null : String(page.next),
      skipped: model.skipped.length,
      nextActions: [
        ...(page.next === null ? [] : [`assess_repo with cursor "${page.next}" for the next findings`]),
        findings.length > 0
          ? "plan_hardening with the same path to see which patches can be written"
          : "Nothing: the app is in good order for what Shoreup looks at.",
      ],
    };
  },
});
