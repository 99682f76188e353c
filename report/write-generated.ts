/** Writes what is generated: the JSON Schemas in `report/schema/` and the tables of the README. Run: `node report/write-generated.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { components } from "../components/registry.ts";
import { withTables } from "./readme.ts";
import { schemaFiles } from "./schemas.ts";

const schemas = join(import.meta.dirname, "schema");
const readme = join(import.meta.dirname, "..", "README.md");

for (const [name, text] of schemaFiles()) writeFileSync(join(schemas, name), text);
writeFileSync(readme, withTables(readFileSync(readme, "utf8"), components));
