/** Bounds uploads and moves them into a bucket; what only somebody who knows the app can decide is a brief. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor, largeFilesBrief } from "./briefs.ts";
import { limitSize } from "./limit-size.ts";
import { isOnFunctions } from "./move/families.ts";
import { moveFiles, type Moved } from "./move/move.ts";
import { settings } from "./move/store-files.ts";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const moves = movesOf(findings, model, templates);
  const stuck = moves.flatMap((each) => each.stuck);
  const fixed = moves.flatMap(({ fixes }) => fixes);
  const handled = new Set([...fixed, ...stuck.map(({ finding }) => finding)]);
  const outcomes = findings.flatMap((finding) =>
    handled.has(finding) ? [] : [{ finding, limited: limitedBy(finding, model) }],
  );
  const done = outcomes.flatMap(({ finding, limited }) => (limited === null ? [] : [{ finding, ...limited }]));
  return {
    edits: [...moves.flatMap(({ edits }) => edits), ...done.flatMap(({ edits }) => edits)],
    briefs: [
      ...stuck.flatMap(({ finding, obstacles }) => briefFor(finding, obstacles) ?? []),
      ...outcomes.flatMap(({ finding, limited }) => (limited === null ? (briefFor(finding) ?? []) : [])),
      ...fixed.flatMap((finding) => (isUploadToFunction(finding, model) ? (largeFilesBrief(finding) ?? []) : [])),
    ],
    fixes: [...fixed, ...done.map(({ finding }) => finding)].map(({ id }) => id),
    review:
      fixed.length > 0
        ? { level: "full", reason: "Users' files get another home: look at who may fetch them, and at each limit." }
        : {
            level: "read",
            reason: "Larger files are refused from now on: look whether each limit suits what users send.",
          },
    services: fixed.length > 0 ? ["s3"] : [],
    env: fixed.length > 0 ? [...settings] : [],
    notes: [...moves.flatMap(({ notes }) => notes), ...limitNotes(done)],
  };
}

function isUploadToFunction({ rule, file }: Finding, model: Model): boolean {
  const service = model.service(file);
  return rule === "object-storage/upload-to-local-disk" && service !== null && isOnFunctions(model, service);
}

const movable = new Set(["object-storage/upload-to-local-disk", "object-storage/generated-file-on-local-disk"]);

function movesOf(findings: readonly Finding[], model: Model, templates: Templates): Moved[] {
  const byService = new Map<Service, Finding[]>();
  for (const finding of findings) {
    const service = movable.has(finding.rule) ? model.service(finding.file) : null;
    if (service !== null && service.language !== "python")
      byService.set(service, [...(byService.get(service) ?? []), finding]);
  }
  return [...byService].map(([service, own]) => moveFiles(service, own, model, templates));
}

function limitNotes(done: readonly { megabytes: number; refusal: string }[]): string[] {
  return [
    ...new Set(done.map(({ megabytes, refusal }) => `One file may have ${megabytes} MB. Larger ones end ${refusal}.`)),
  ];
}

function limitedBy({ rule, fix, call, anchor }: Finding, model: Model): ReturnType<typeof limitSize> {
  const site = call === null || fix !== "patch" ? null : model.call(call);
  return rule !== "object-storage/upload-no-size-limit" || site === null ? null : limitSize(site, anchor, model);
}
