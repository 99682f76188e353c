/** Whether the file that the start command names is the one that the build writes. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import { compiledFile } from "../../analyzers/services/source-file.ts";

const plainCompile = /^(?:(?:npx )?(?:rimraf|rm -rf) \S+ && )?(?:npx )?tsc$/;

/** The named file and where its source is compiled to instead; null when they agree, or when that cannot be known. */
export function misnamedEntry(
  service: Service,
  model: Model,
  argv: readonly string[],
): { named: string; written: string; outside: string } | null {
  const named = posix.normalize(argv.at(-1) ?? "");
  if (!plainCompile.test(service.build === null ? "" : (service.scripts["build"] ?? ""))) return null;
  if (service.outDir === null || !named.startsWith(`${service.outDir}/`)) return null;
  const [source, ...more] = service.entry.filter((file) => /\.[cm]?tsx?$/.test(file));
  if (source === undefined || more.length > 0) return null;
  const program = serverFiles(model, service)
    .filter((file) => /\.[cm]?tsx?$/.test(file) && !file.endsWith(".d.ts"))
    .flatMap((file) => [file, ...importedJson(file, model)]);
  const written = compiledFile(model.repo, service.root, source, program);
  const sourceFolder = `${posix.dirname(source)}/`;
  const outside = program.find((file) => !file.startsWith(sourceFolder));
  const spelled = named.endsWith("js") ? named : `${named}.js`;
  if (written === null || outside === undefined || [named, spelled, `${named}/index.js`].includes(written)) return null;
  return { named, written, outside };
}

/** The compiler takes JSON that a module imports for a part of the program. */
function importedJson(file: string, model: Model): string[] {
  const imports = model.summary(file)?.imports ?? [];
  return imports
    .filter(({ specifier, form }) => form === "import" && /^\.{1,2}\/.*\.json$/.test(specifier))
    .map(({ specifier }) => posix.join(posix.dirname(file), specifier))
    .filter((path) => model.repo.has(path));
}
