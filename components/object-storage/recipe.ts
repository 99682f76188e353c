/** Bounds uploads; moving files to another home is left to somebody who knows who may fetch them. */
import type { Model } from "../../analyzers/model.ts";
import type { Draft } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./briefs.ts";
import { limitSize } from "./limit-size.ts";

export function recipe(findings: readonly Finding[], model: Model): Draft {
  const outcomes = findings.map((finding) => ({ finding, limited: limitedBy(finding, model) }));
  const done = outcomes.flatMap(({ finding, limited }) => (limited === null ? [] : [{ finding, ...limited }]));
  const sizes = [...new Set(done.map(({ megabytes }) => megabytes))].toSorted((a, b) => a - b);
  return {
    edits: done.flatMap(({ edits }) => edits),
    briefs: outcomes.flatMap(({ finding, limited }) => (limited === null ? (briefFor(finding) ?? []) : [])),
    fixes: done.map(({ finding }) => finding.id),
    review: {
      level: "read",
      reason: "Larger files are refused from now on: look whether each limit suits what users send.",
    },
    services: [],
    env: [],
    notes:
      done.length === 0
        ? []
        : [
            `One file may have ${sizes.join(" or ")} MB. Larger ones end in the error handler as a MulterError with the code LIMIT_FILE_SIZE: answer it with 413.`,
          ],
  };
}

function limitedBy({ rule, fix, call }: Finding, model: Model): ReturnType<typeof limitSize> {
  const site = call === null || fix !== "patch" ? null : model.call(call);
  return rule !== "object-storage/upload-no-size-limit" || site === null ? null : limitSize(site, model);
}
