/** What takes up jobs by itself in the web process: it has to stop before what its jobs use is closed. */
import { type Instance, instancesOf } from "../../analyzers/state/instances.ts";
import type { Model, Place } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { exportDeclaration } from "../../patches/editors/exports.ts";
import { isSameModule } from "../../patches/editors/import-of.ts";
import { openSource } from "../../patches/editors/source.ts";

export const runnerApis: readonly string[] = ["pg-boss:", "pg-boss:PgBoss", "bullmq:Worker"];

/** Runners that nothing can stop from outside; `covered` are files that have a closing function of their own. */
export function openRunners(
  model: Model,
  files: ReadonlySet<string>,
  covered: ReadonlySet<string>,
  from: string,
): Place[] {
  const kept = runnerApis.flatMap((api) => instancesOf(model, [api]));
  const stoppable = (instance: Instance): boolean =>
    instance.file === from
      ? instance.local !== null
      : instance.exported !== null || withExport(model, instance) !== null;
  return runnerApis
    .flatMap((api) => model.usesOf(api))
    .filter(({ call }) => call.isNew && files.has(call.file) && !covered.has(call.file))
    .filter(({ call }) => !kept.some((instance) => instance.construction.id === call.id && stoppable(instance)))
    .map(({ call: { file, line } }) => ({ file, line }));
}

/**
 * The export that lets another module stop it. Only in ES modules that another one imports in any case: an import that is
 * new to the process would start the runner there.
 */
export function withExport(model: Model, { file, local }: Instance): { edits: Edit[]; as: string } | null {
  const source = openSource(model.repo, file);
  if (source === null || local === null || source.style.modules !== "esm") return null;
  const isLoaded = model.repo.files.some(
    (other) =>
      model.context(other) === "server" &&
      (model.summary(other)?.imports ?? []).some(
        ({ form, typeOnly, specifier }) => form === "import" && !typeOnly && isSameModule(other, specifier, file),
      ),
  );
  return isLoaded ? exportDeclaration(source, local) : null;
}
