/** Mounts a small router with the two health addresses as the first thing the app does with a request, and counts requests. */
import { posix } from "node:path";
import type { Model } from "../../analyzers/model.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Edit } from "../../patches/edit.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { addImport, freeName } from "../../patches/editors/imports.ts";
import { openSource, styleFor } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./briefs.ts";
import { meter } from "./meter.ts";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const isUncounted = ({ rule, fix }: Finding): boolean => rule === "monitoring/no-metrics" && fix === "patch";
  const metered = findings.some(isUncounted) ? meter(model, templates) : null;
  const outcomes = findings.map((finding) => ({
    finding,
    edits: isUncounted(finding)
      ? (metered?.edits ?? null)
      : finding.fix === "patch"
        ? mount(finding, model, templates)
        : null,
  }));
  const done = outcomes.flatMap(({ finding, edits }) => (edits === null ? [] : [{ finding, edits }]));
  const isMounted = done.some(({ finding }) => !isUncounted(finding));
  return {
    edits: done.flatMap(({ edits }) => edits),
    briefs: outcomes.flatMap(({ finding, edits }) => (edits === null ? [briefFor(finding)] : [])),
    fixes: done.map(({ finding }) => finding.id),
    review: {
      level: "glance",
      reason: isMounted
        ? "Two new addresses in a new file, mounted before everything else."
        : "Requests are answered as before; numbers are served at a port of their own.",
    },
    services: [],
    env: metered?.env ?? [],
    notes: [
      ...(isMounted
        ? [
            "Point the load balancer at /readyz, and whatever restarts the process (a container's health check) at /livez.",
          ]
        : []),
      ...(metered?.notes ?? []),
    ],
  };
}

/** Null when the app object has no name that a statement could use. */
function mount(finding: Finding, model: Model, templates: Templates): Edit[] | null {
  if (finding.rule !== "monitoring/no-health-endpoint") return null;
  const creation = finding.call === null ? null : model.call(finding.call);
  const source = creation === null ? null : openSource(model.repo, creation.file);
  if (creation === null || source === null) return null;
  const module = newFile(model.repo, folderFor(model, source.file), "health", source.file);
  const name = freeName(source, "health") === "health" ? "health" : freeName(source, "healthRoutes");
  const use = afterCreation(source, creation.span, /^(use|set|enable|disable)$/, (app) => `${app}.use(${name});`);
  if (use === null) return null;
  const from = specifierFor(source.file, module, source.style);
  return [
    { kind: "create", file: module, text: toDialect(templates("health.ts"), styleFor(model.repo, module)) },
    ...addImport(source, { from, names: [{ name: "health", as: name }] }),
    use,
  ];
}

/** The folder that the app's file imports its routes from, file by file; else the file's own. */
function folderFor(model: Model, file: string): string {
  const folder = posix.dirname(file);
  const fromRoutes = (model.summary(file)?.imports ?? [])
    .map(({ specifier }) => /^\.{1,2}\/(?:.*\/)?(?:routes|routers)\/[^/]+$/.exec(specifier)?.[0])
    .find((specifier) => specifier !== undefined);
  return fromRoutes === undefined ? folder : posix.join(folder, posix.dirname(fromRoutes));
}
