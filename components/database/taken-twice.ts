/** Something that is there once, looked at and then marked as taken: of two requests at once both find it free. */
import { textOf } from "../../analyzers/code/text.ts";
import { indexIn } from "../../analyzers/ids.ts";
import type { Model } from "../../analyzers/model.ts";
import { queriesOf, type Query } from "../../analyzers/queries/index.ts";
import { literalOf } from "../../analyzers/queries/resolve.ts";
import { queriesIn } from "../../analyzers/queries/siblings.ts";
import { plain } from "../../analyzers/schema/index.ts";
import type { Match } from "../finding.ts";
import { isAside, isAskedAgain } from "./names.ts";
import { isHeld, isSame, raceConfidence, raceMatch, savedObject } from "./race.ts";
import { waitersIn, waysTo } from "./reached.ts";

const once = /^(is_?)?(used|redeemed|claimed|booked|reserved|sold|taken|consumed)$/i;

export function takenTwice(model: Model): Match[] {
  return queriesOf(model).flatMap((write) => {
    if (write.operation !== "update") return [];
    const column = markedBy(write, model);
    if (column === null || isAskedAgain(write.table ?? "") || isAside(write.table ?? "")) return [];
    const ways = waysTo(write.call, model);
    const read = lookBefore(write, column, model);
    if (ways.length === 0 || read === null || isHeld(write, { column, read, made: null }, ways, model)) return [];
    const table = write.table ?? read.table ?? "the row";
    const { call } = write;
    return [
      raceMatch(
        {
          title: "Two requests at once both take what is there once",
          site: call,
          ways,
          confidence: raceConfidence(write, ways),
          message: `${waitersIn(ways)} looks whether \`${column}\` of \`${table}\` is set and sets it afterwards: of two requests at the same moment both find it free, and both get it. Set it only where it is not set yet, and look at how many rows that changed.`,
          also: [{ file: read.call.file, line: read.call.line }],
          what: `${table}.${column} taken`,
        },
        model,
      ),
    ];
  });
}

/** The column that is set to true, in the query itself or on the row that it saves. */
function markedBy(write: Query, model: Model): string | null {
  const set = write.sets.find(
    ({ column, value }) => once.test(column) && value !== null && literalOf(model, value) === true,
  );
  if (set !== undefined) return set.column;
  const object = savedObject(write, model);
  const changes = object === null ? [] : (model.summary(write.call.file)?.changes ?? []);
  const change = changes.find(
    ({ fn, target, value }) =>
      fn === indexIn(write.call.fn) &&
      target.kind === "member" &&
      once.test(target.property) &&
      object !== null &&
      isSame(target.object, object) &&
      value?.kind === "literal" &&
      value.value === true,
  );
  return change?.target.kind === "member" ? change.target.property : null;
}

/** The row that was read before in the same function, by the column's being free or with a refusal where it is not. */
function lookBefore(write: Query, column: string, model: Model): Query | null {
  const holder = model.fn(write.call.fn);
  const read = queriesIn(write.call.fn, model).find(
    (each) =>
      each.operation === "one" &&
      each.call.span.start < write.call.span.start &&
      (each.table === null || write.table === null || plain(each.table) === plain(write.table)),
  );
  if (holder === null || read === undefined) return null;
  const asked = read.filters.some((filter) => plain(filter.column) === plain(column));
  const refused = new RegExp(`\\bif\\s*\\([^;{]*\\.${column}\\b[^;{]*\\)\\s*\\{?\\s*(throw|return)\\b`);
  return asked || refused.test(textOf(model, holder)) ? read : null;
}
