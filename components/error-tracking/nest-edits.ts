/** Brings the errors of a Nest app to the tracker, which answers none of them. */
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { addImport, type ImportWish } from "../../patches/editors/imports.ts";
import { prependItem } from "../../patches/editors/list-options.ts";
import { indentAt, insert, openSource, type Source } from "../../patches/editors/source.ts";
import { typescript, walk } from "../../patches/editors/typescript.ts";
import type { NestApp } from "./nest-app.ts";

/** Null when a file cannot be changed safely. */
export function nestEdits(app: NestApp, model: Model): Edit[] | null {
  const parts = app.catchAll.length === 0 ? [globalFilter(app, model)] : app.catchAll.map((each) => told(each, model));
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
}

/** The tracker's own filter, before all others: it reports, and leaves the answer as Nest gives it. */
function globalFilter({ module }: NestApp, model: Model): Edit[] | null {
  const source = openSource(model.repo, module.file);
  if (source === null) return null;
  const item = prependItem(source, module.span, "providers", "{ provide: APP_FILTER, useClass: SentryGlobalFilter }");
  if (item === null) return null;
  const wishes: ImportWish[] = [
    { from: "@nestjs/core", names: ["APP_FILTER"] },
    { from: "@sentry/nestjs/setup", names: ["SentryGlobalFilter"] },
  ];
  return [...addImport(source, ...wishes), ...item];
}

/** A filter of the app's own that takes every error: its `catch` tells the tracker of those that nobody foresaw. */
function told({ file, span }: NestApp["module"], model: Model): Edit[] | null {
  const source = openSource(model.repo, file);
  const at = source === null ? null : catchOf(source, span.start, span.end);
  if (source === null || at === null) return null;
  const indent = indentAt(source, at);
  return [
    ...addImport(source, { from: "@sentry/nestjs", names: ["SentryExceptionCaptured"] }),
    insert(source, at, `@SentryExceptionCaptured()\n${indent}`),
  ];
}

/** Where the method `catch` of the class that is decorated here begins. */
function catchOf(source: Source, start: number, end: number): number | null {
  const ts = typescript();
  for (const node of walk(source.tree)) {
    if (!ts.isDecorator(node) || node.getStart(source.tree) > start || node.end < end) continue;
    if (!ts.isClassDeclaration(node.parent)) continue;
    const method = node.parent.members.find(
      (member) => ts.isMethodDeclaration(member) && member.name.getText(source.tree) === "catch",
    );
    return method?.getStart(source.tree) ?? null;
  }
  return null;
}
