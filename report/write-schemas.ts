/** Writes the JSON Schemas of all answers into `report/schema/`: `node report/write-schemas.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { schemaFiles } from "./schemas.ts";

const folder = join(import.meta.dirname, "schema");

for (const [name, text] of schemaFiles()) writeFileSync(join(folder, name), text);
