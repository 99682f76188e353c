/** Brings the errors of a Nest app to the tracker, which answers none of them. */
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { addImport, type ImportWish } from "../../patches/editors/imports.ts";
import { addToList } from "../../patches/editors/list-options.ts";
import { openSource, type Range, type Source } from "../../patches/editors/source.ts";
import { insertBefore } from "../../patches/editors/statements.ts";
import type { ts } from "../../patches/editors/typescript.ts";
import { typescript, walk } from "../../patches/editors/typescript.ts";
import type { NestApp } from "../../analyzers/serving/nest-app.ts";

/** Null when a file cannot be changed safely. */
export function nestEdits(app: NestApp, model: Model): Edit[] | null {
  const parts = app.catchAll.length === 0 ? [globalFilter(app, model)] : app.catchAll.map((each) => told(each, model));
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
}

/** The tracker's own filter, before all others: it reports, and leaves the answer as Nest gives it. */
function globalFilter({ module }: NestApp, model: Model): Edit[] | null {
  const source = openSource(model.repo, module.file);
  if (source === null) return null;
  const item = addToList(
    source,
    module.span,
    { at: 0, key: "providers" },
    ["{ provide: APP_FILTER, useClass: SentryGlobalFilter }"],
    "first",
  );
  if (item === null) return null;
  const wishes: ImportWish[] = [
    { from: "@nestjs/core", names: ["APP_FILTER"] },
    { from: "@sentry/nestjs/setup", names: ["SentryGlobalFilter"] },
  ];
  return [...addImport(source, ...wishes), ...item];
}

/**
 * A filter of the app's own that takes every error: it tells the tracker of those that nobody foresaw. By a statement, since a
 * decorator would ask for the types of its parameters at run time.
 */
function told({ file, span }: NestApp["module"], model: Model): Edit[] | null {
  const source = openSource(model.repo, file);
  const method = source === null ? null : catchOf(source, span);
  const [error] = method?.parameters ?? [];
  const first = method?.body?.statements[0];
  if (source === null || error === undefined || first === undefined || !typescript().isIdentifier(error.name))
    return null;
  const start = first.getStart(source.tree);
  const name = error.name.text;
  return [
    ...addImport(
      source,
      { from: "@nestjs/common", names: ["HttpException"] },
      { from: "@sentry/nestjs", names: ["captureException"] },
    ),
    insertBefore(
      source,
      { start, end: first.end },
      `if (!(${name} instanceof HttpException)) captureException(${name});`,
    ),
  ];
}

/** The method `catch` of the class that is decorated here. */
function catchOf(source: Source, { start, end }: Range): ts.MethodDeclaration | null {
  const ts = typescript();
  for (const node of walk(source.tree)) {
    if (!ts.isDecorator(node) || node.getStart(source.tree) > start || node.end < end) continue;
    if (!ts.isClassDeclaration(node.parent)) continue;
    const members = node.parent.members.filter((member) => ts.isMethodDeclaration(member));
    return members.find(({ name }) => name.getText(source.tree) === "catch") ?? null;
  }
  return null;
}
