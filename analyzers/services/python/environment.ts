/** Environment names that Python code reads: by `os.environ` and its like, and by settings classes whose fields are names. */
import type { Service } from "../../model.ts";
import type { Summaries } from "../located-value.ts";

export function environmentOf(files: readonly string[], summaries: Summaries): Service["env"] {
  const found = new Map<string, Service["env"][number]>();
  for (const file of files) {
    for (const read of readsIn(file, summaries)) {
      const known = found.get(read.name);
      if (known === undefined || (known.default === null && read.default !== null)) found.set(read.name, read);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readsIn(file: string, summaries: Summaries): Service["env"] {
  const summary = summaries.get(file);
  if (summary === undefined) return [];
  const reads = summary.env.map((each) => ({
    name: each.name,
    default: each.default,
    place: { file, line: each.span.line },
  }));
  const settings = summary.classes.filter(
    (each) => each.extends?.kind === "imported" && each.extends.name === "BaseSettings",
  );
  const fields = settings.flatMap(({ fieldTypes, fields: values, span }) =>
    Object.keys(fieldTypes).map((name) => {
      const value = values[name]?.[0];
      const written = value?.kind === "literal" && typeof value.value !== "boolean" ? value.value : null;
      return { name: name.toUpperCase(), default: written, place: { file, line: span.line } };
    }),
  );
  return [...reads, ...fields.filter(({ name }) => name !== "MODEL_CONFIG")];
}
