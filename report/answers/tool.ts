/** The head that every JSON answer begins with, and the schema pieces they share. */
import { z } from "zod";
import manifest from "../../package.json" with { type: "json" };

/** Raised when a field of an answer changes its meaning or goes away; new fields leave it alone. */
const SCHEMA_VERSION = 1;

export const Head = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  tool: z.object({ name: z.string(), version: z.string() }),
});

export const Place = z.object({ file: z.string(), line: z.int() });

export const RepoFields = z.object({
  root: z.string(),
  commit: z.string().nullable(),
});

export const head: z.infer<typeof Head> = {
  schemaVersion: SCHEMA_VERSION,
  tool: { name: manifest.name, version: manifest.version },
};
