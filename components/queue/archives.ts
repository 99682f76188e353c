/** Finds archives that are packed in the middle of a request. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { evidenceOf } from "../evidence.ts";
import { anchorOf, routesIn } from "./words.ts";
import { routeWays } from "./work.ts";

const archivers = [
  "archiver:",
  "archiver:default",
  "jszip:().generateAsync",
  "adm-zip:().toBuffer",
  "adm-zip:().writeZip",
  "yazl:ZipFile",
];

export function archives(model: Model): Match[] {
  return archivers
    .flatMap((api) => model.usesOf(api))
    .flatMap((use) => {
      const { waiting } = routeWays(use.call, model);
      if (waiting.length === 0) return [];
      return [
        {
          rule: "queue/long-work-in-request",
          file: use.call.file,
          line: use.call.line,
          confidence: "medium" as const,
          severity: "note" as const,
          message: `${routesIn(waiting)} packs an archive while the user waits: the more there is to pack, the longer, on the same processor as all other requests.`,
          also: [],
          ...evidenceOf(waiting),
          call: use.call.id,
          anchor: anchorOf(use.api, use.call.fn, model),
          fix: "brief" as const,
        },
      ];
    });
}
