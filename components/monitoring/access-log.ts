/** The access log that an app has (morgan, koa-logger), which the app's logger takes over. */
import type { Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt } from "../../patches/editors/calls.ts";
import { linesRemoved } from "../../patches/editors/lines-removed.ts";
import { openSource, type Range, replace, type Source, textOf } from "../../patches/editors/source.ts";
import { typescript, walk } from "../../patches/editors/typescript.ts";
import type { ts } from "../../patches/editors/typescript.ts";
import { dropUnusedImports } from "../../patches/editors/unused.ts";

export type AccessLog =
  /** `place`: what is written in `app.use(...)` for each request now; null where nothing is in every environment. */
  { edits: Edit[]; place: Range | null; notes: string[] } | { cannot: string };

const nothing: AccessLog = { edits: [], place: null, notes: [] };

/** The calls that make one. */
export interface AccessLogs {
  /** Null where it comes with the framework. */
  package: string | null;
  apis: readonly string[];
  /** Whether it is told the name of a format. */
  named: boolean;
}

/** Only its usual forms are taken over: one call by the name of a format, or without any, in the app's own file. */
export function accessLog(source: Source, logs: AccessLogs, model: Model, service: Service): AccessLog {
  const files = new Set(serverFiles(model, service));
  const calls = logs.apis
    .flatMap((api) => model.usesOf(api))
    .filter(({ api, call }) => !api.includes("()") && files.has(call.file));
  const [first, ...others] = [...new Map(calls.map(({ call }) => [call.id, call])).values()];
  if (first === undefined) return nothing;
  const where = `${first.file}:${first.line}`;
  const other = {
    cannot: `the access log ${logs.package === null ? "" : `of ${logs.package} `}at ${where} is set up in a way of its own`,
  };
  if (others.length > 0 || first.file !== source.file || openSource(model.repo, first.file) === null) return other;
  const call = callAt(source, first.span);
  if (call === null || !isUsual(source, call.args, logs)) return other;
  const around = statementOf(source, call);
  if (around === null) return other;
  const notes = logs.package === null ? [] : [`${logs.package} is no longer used: \`npm uninstall ${logs.package}\`.`];
  const range = { start: call.start, end: call.end };
  if (around === "every") return { edits: dropUnusedImports(source, [range]), place: range, notes };
  const [gone] = linesRemoved(source.text, [around]);
  if (gone === undefined) return other;
  return {
    edits: [replace(source, gone, gone.text), ...dropUnusedImports(source, [around])],
    place: null,
    notes,
  };
}

function isUsual(source: Source, args: readonly Range[], { named }: AccessLogs): boolean {
  const [format, ...more] = args;
  if (!named) return format === undefined;
  return format !== undefined && more.length === 0 && /^["'`]\w+["'`]$/.test(textOf(source, format));
}

/** `every` where it is used in every environment; the `if` around it where it is all that stands there. */
function statementOf(source: Source, call: Range): Range | "every" | null {
  const ts = typescript();
  for (const node of walk(source.tree)) {
    if (!ts.isCallExpression(node) || node.getStart(source.tree) !== call.start || node.end !== call.end) continue;
    const use = node.parent;
    const statement = use.parent;
    if (!ts.isCallExpression(use) || !use.expression.getText(source.tree).endsWith(".use")) return null;
    if (use.arguments.length !== 1 || !ts.isExpressionStatement(statement)) return null;
    return aroundOf(source, statement);
  }
  return null;
}

function aroundOf(source: Source, statement: ts.Statement): Range | "every" | null {
  const ts = typescript();
  const { parent } = statement;
  const block = ts.isBlock(parent) ? parent : null;
  const holder = block === null ? parent : block.parent;
  if (!ts.isIfStatement(holder)) return "every";
  if (holder.elseStatement !== undefined || (block !== null && block.statements.length !== 1)) return null;
  if (ts.isIfStatement(holder.parent)) return null;
  return { start: holder.getStart(source.tree), end: holder.end };
}
