/** A schema that several apps of one repo share, in a package that is none of them. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { withoutMigrations } from "./migrations.ts";

const schema = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
model Parcel {
  id String @id @default(cuid())
}
`;
const depot = (root: string): Record<string, string> => ({
  "package.json": JSON.stringify({ name: "depot", private: true, workspaces: ["apps/*", "packages/*"] }),
  "apps/api/package.json": JSON.stringify({
    name: "@depot/api",
    scripts: { start: "node server.js" },
    dependencies: { express: "^5", "@depot/db": "*" },
  }),
  "apps/api/server.js": `const app = require("express")();
const { prisma } = require("@depot/db");
app.get("/parcels/:id", async (req, res) => res.json(await prisma.parcel.findUnique({ where: { id: req.params.id } })));
app.listen(3000);
`,
  "packages/db/package.json": JSON.stringify({
    name: "@depot/db",
    main: "index.js",
    dependencies: { "@prisma/client": "^6" },
  }),
  "packages/db/index.js": `const { PrismaClient } = require("@prisma/client"); exports.prisma = new PrismaClient();`,
  [`${root}/schema.prisma`]: schema,
});

it.each([
  ["packages/db/prisma", {}, 1],
  ["packages/db/prisma", { "packages/db/prisma/migrations/1_init/migration.sql": "select 1;" }, 0],
  ["examples/db/prisma", {}, 0],
])("%s with %o", async (root, more, count) => {
  const model = await analyze(memoryRepo({ ...depot(root), ...more }), { cacheFolder: null });
  expect(withoutMigrations(model)).toHaveLength(count);
});
