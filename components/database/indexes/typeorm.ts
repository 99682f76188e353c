/** `@Index()` on the properties of TypeORM entities, with a migration where the app's own can be followed. */
import type { Model } from "../../../analyzers/model.ts";
import type { Column, Table } from "../../../analyzers/schema/index.ts";
import type { Edit } from "../../../patches/edit.ts";
import { addImport, freeName, localName } from "../../../patches/editors/imports.ts";
import { indentAt, insert, openSource, type Source } from "../../../patches/editors/source.ts";
import { propertyOf } from "./decorated.ts";
import { holdsUpWrites } from "./notes.ts";
import { nextMigration, synchronizing, typeormMigrations } from "./typeorm-migrations.ts";
import { grouped, together, type Wanted, type Written } from "./wanted.ts";

export function typeormObstacle({ place: { file }, engine }: Table, { type }: Column, model: Model): string | null {
  const isTypeorm = model.summary(file)?.imports.some(({ specifier }) => specifier === "typeorm") === true;
  if (!isTypeorm) return "the recipe knows the decorators of TypeORM alone";
  if (/^(json|jsonb|simple-json)$/.test(type ?? "") || (engine === "mysql" && /text|blob/.test(type ?? "")))
    return "its type is none that a plain index can hold";
  const isFollowed = synchronizing(file, model) !== "never" || typeormMigrations(file, model).length > 0;
  return isFollowed
    ? null
    : "nothing in the repo brings the entities into the database, neither migrations nor `synchronize`";
}

export function typeormIndexes(wanted: readonly Wanted[], model: Model): Written {
  const all = together(grouped(wanted, ({ table }) => table.place.file).map(([, own]) => inFile(own, model)));
  const done = wanted.filter(({ finding }) => all.cured.includes(finding));
  const services = grouped(done, ({ table }) => model.service(table.place.file)?.root ?? "");
  return together([all, ...services.map(([, own]) => broughtIn(own, model))]);
}

/** How the indexes of one service get into its database. */
function broughtIn(wanted: readonly Wanted[], model: Model): Written {
  const { file } = wanted[0]?.table.place ?? { file: "" };
  const isPostgres = wanted.some(({ table }) => table.engine === "postgres");
  const blocks = (then: string | null): string[] => (isPostgres ? [holdsUpWrites(then)] : []);
  if (typeormMigrations(file, model).length === 0 || synchronizing(file, model) === "always")
    return {
      edits: [],
      cured: [],
      notes: ["`synchronize` makes the indexes when the app starts next.", ...blocks(null)],
    };
  const migration = nextMigration(wanted, model);
  return migration === null
    ? {
        edits: [],
        cured: [],
        notes: [
          "Run `typeorm migration:generate`: what the tables are called in the database is not certain from the code, so the patch holds no migration.",
          ...blocks("write `IF NOT EXISTS` into the generated migration"),
        ],
      }
    : {
        edits: [{ kind: "create", ...migration }],
        cured: [],
        notes: blocks("write `IF NOT EXISTS` into the migration"),
      };
}

function inFile(wanted: readonly Wanted[], model: Model): Written {
  const source = openSource(model.repo, wanted[0]?.table.place.file ?? "");
  const index = source === null ? null : (localName(source, "typeorm", "Index") ?? freeName(source, "Index"));
  if (source === null || index === null) return together([]);
  const done = wanted.flatMap(({ finding, table, column }) => {
    const edit = onProperty(source, table.names[0] ?? "", column.names[0] ?? "", index);
    return edit === null ? [] : [{ finding, edit }];
  });
  const imports = addImport(source, {
    from: "typeorm",
    names: [{ name: "Index", as: index }],
  });
  return {
    edits: done.length === 0 ? [] : [...imports, ...done.map(({ edit }) => edit)],
    cured: done.map(({ finding }) => finding),
    notes: [],
  };
}

/** Above the property's other decorators. */
function onProperty(source: Source, className: string, field: string, index: string): Edit | null {
  const property = propertyOf(source, className, field);
  if (property === null) return null;
  const start = property.getStart(source.tree);
  return insert(source, start, `@${index}()\n${indentAt(source, start)}`);
}
