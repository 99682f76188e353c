/** What the package that asks the queries depends on. */
import type { Model } from "../../../analyzers/model.ts";
import type { Query } from "../../../analyzers/queries/index.ts";

export function dependenciesOf([first]: readonly Query[], model: Model): Readonly<Record<string, string>> {
  const service = first === undefined ? null : model.service(first.call.file);
  return { ...service?.dependencies, ...service?.devDependencies };
}

/** Databases in another process, which hold one transaction per connection; SQLite's one connection would mix them. */
export function hasServerDriver(queries: readonly Query[], model: Model): boolean {
  const all = dependenciesOf(queries, model);
  return ["pg", "mysql", "mysql2", "mariadb", "tedious", "mssql", "oracledb"].some((name) => all[name] !== undefined);
}
