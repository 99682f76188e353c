/** Has the database do a sum that the app did on a row it had read: by the library's own increment, with the test in the same query. */
import type { Model } from "../../../analyzers/model.ts";
import { queriesOf } from "../../../analyzers/queries/index.ts";
import { openSource } from "../../../patches/editors/source.ts";
import { callNodeAt } from "../../../patches/editors/calls.ts";
import { typescript } from "../../../patches/editors/typescript.ts";
import type { Finding } from "../../finding.ts";
import { racesOf, savedObject } from "../race.ts";
import type { Attempt } from "../written.ts";
import { incrementDocument } from "./documents.ts";
import { incrementValue } from "./prisma.ts";

export function atomicSumFor(finding: Finding, model: Model): Attempt {
  const write = queriesOf(model).find(({ call }) => call.id === finding.call);
  if (write === undefined || write.operation === "insert")
    return {
      obstacle:
        "only a rule of the database itself keeps a second row out, and rows that break it may be there already",
    };
  const source = openSource(model.repo, write.call.file);
  const call = source === null ? null : callNodeAt(source, write.call.span);
  if (source === null || call === null || !typescript().isCallExpression(call))
    return { obstacle: "the query could not be found in the text" };
  const isSaved = savedObject(write, model) !== null;
  if (write.dialect === "mongoose" && isSaved)
    return incrementDocument(write, racesOf(write, model), call, source, model);
  if (write.dialect === "prisma") return incrementValue(write, call, source, model);
  return { obstacle: "sums within the query are not yet written for this library" };
}
