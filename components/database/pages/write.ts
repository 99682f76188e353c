/** Gives a list an end: as many rows as nobody's screen shows, and pages for who asks for more. */
import type { Model } from "../../../analyzers/model.ts";
import { isRead, queriesOf } from "../../../analyzers/queries/index.ts";
import { queriesIn } from "../../../analyzers/queries/siblings.ts";
import { callNodeAt } from "../../../patches/editors/calls.ts";
import { openSource, replace, type Source } from "../../../patches/editors/source.ts";
import { insertBefore } from "../../../patches/editors/statements.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import type { Finding } from "../../finding.ts";
import { functionAround } from "../transactions/stretch.ts";
import type { Attempt } from "../written.ts";
import { isOnlyAnswered } from "./answered.ts";
import { requestOf } from "./handler.ts";
import { isNewestFirst, pageEdits } from "./queries.ts";
import { knowsPages } from "./sight.ts";

/** Rows that a browser still takes in one go, and far more than a page shows. Ours. */
const most = 1000;

export function pagesFor(finding: Finding, model: Model): Attempt {
  const query = queriesOf(model).find(({ call }) => call.id === finding.call);
  const source = query === undefined ? null : openSource(model.repo, query.call.file);
  const call = query === undefined || source === null ? null : callNodeAt(source, query.call.span);
  if (query === undefined || source === null || call === null || !typescript().isCallExpression(call))
    return { obstacle: "the query could not be found in the text" };
  if (finding.also.length > 0) return { obstacle: "several queries give the same list" };
  if (!knowsPages(query)) return { obstacle: "pages are not yet written for this library" };
  if (!isNewestFirst(query, call, source))
    return { obstacle: "it does not begin with the newest, which an end would cut off" };
  if (queriesIn(query.call.fn, model).some((other) => other !== query && isRead(other)))
    return { obstacle: "the answer holds more than this list, so a page would not say of what" };
  const request = requestOf(call, query.call.fn, source, model);
  if (request === null)
    return { obstacle: "the request that would name the page is not at hand where the list is read" };
  const name = declaredBy(call);
  if (name === null || !isOnlyAnswered(name, source))
    return { obstacle: "the list is used for more than the answer, which would come out otherwise from a part of it" };
  if (takenNames(call).some((taken) => taken === "limit" || taken === "page"))
    return { obstacle: "`limit` or `page` mean something else there" };
  const edits = pageEdits(query, call, source);
  if (edits === null) return { obstacle: "the query's options are not written out there" };
  const asked = (key: string): string => `Math.trunc(Number(${request.name}.query.${key}))`;
  const code = [
    `const limit = Math.min(Math.max(${asked("limit")} || ${most}, 1), ${most});`,
    `const page = Math.max(${asked("page")} || 1, 1);`,
  ].join("\n");
  return {
    edits: [...renaming(request.renamed, source), insertBefore(source, rangeOf(name, source), code), ...edits],
    notes: [
      `Lists that had no end hold ${most} rows at most now. Who needs more asks for them by \`?page=2\`, who wants less by \`?limit=50\`; up to ${most} rows the answers are the same as before.`,
    ],
  };
}

function renaming(name: ts.Identifier | null, source: Source): ReturnType<typeof replace>[] {
  return name === null ? [] : [replace(source, { start: name.getStart(source.tree), end: name.end }, "req")];
}

/** `users` of `const users = await User.find()...`, which is all that the statement does. */
function declaredBy(call: ts.Node): ts.Identifier | null {
  const ts = typescript();
  let at = call;
  while (ts.isPropertyAccessExpression(at.parent) || (ts.isCallExpression(at.parent) && at.parent.expression === at))
    at = at.parent;
  const awaited = at.parent;
  const declared = awaited.parent;
  const isPlain = ts.isAwaitExpression(awaited) && ts.isVariableDeclaration(declared) && ts.isIdentifier(declared.name);
  return isPlain && ts.isVariableStatement(declared.parent.parent) ? declared.name : null;
}

function rangeOf(name: ts.Identifier, { tree }: Source): { start: number; end: number } {
  return { start: name.getStart(tree), end: name.end };
}

function takenNames(call: ts.Node): string[] {
  return [...walk(functionAround(call) ?? call)].flatMap((node) =>
    typescript().isIdentifier(node) ? [node.text] : [],
  );
}
