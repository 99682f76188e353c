/** Functions that each open connections of their own to a database without a pooler in between. */
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Model, Place, Service, Use } from "../../analyzers/model.ts";
import { lineAt } from "../../analyzers/schema/table.ts";
import type { Match } from "../finding.ts";
import { evidenceOf } from "../evidence.ts";
import { routesTo, waitersIn } from "./reached.ts";

const directRule = "database/direct-connection-in-serverless";

const clients = [
  "pg:Pool",
  "pg:Client",
  "postgres:",
  "@prisma/client:PrismaClient",
  "mysql2:createPool",
  "mysql2/promise:createPool",
  "sequelize:Sequelize",
  "typeorm:DataSource",
  "knex:",
  "knex:knex",
];

export function directConnections(model: Model): Match[] {
  return model.services
    .filter((service) => isServerless(model, service))
    .flatMap((service) => {
      const uses = clients
        .flatMap((api) => model.usesOf(api))
        .filter(({ call }) => model.service(call.file) === service && model.context(call.file) === "server");
      const [first] = uses;
      if (first === undefined || isPooled(first, service, model)) return [];
      const address = addressOf(model, service);
      if (address?.kind === "pooled") return [];
      return [matchFor(first, address?.place ?? null, model)];
    });
}

/** Driver adapters over HTTP, Accelerate, a second URL for migrations: the first one is a pooler's then. */
function isPooled({ call }: Use, service: Service, model: Model): boolean {
  const packages = { ...service.dependencies };
  const http = [
    "@prisma/extension-accelerate",
    "@prisma/adapter-neon",
    "@prisma/adapter-planetscale",
    "@prisma/adapter-d1",
    "@neondatabase/serverless",
    "@planetscale/database",
    "@vercel/postgres",
  ];
  if (http.some((name) => name in packages)) return true;
  const schemas = model.repo.files
    .filter((file) => file.endsWith(".prisma"))
    .map((file) => model.repo.read(file) ?? "");
  if (schemas.some((text) => /directUrl\s*=|provider\s*=\s*"(sqlite|mongodb)"/.test(text))) return true;
  const options = call.args[0];
  return options?.kind === "object" && options.entries["max"]?.kind === "literal" && options.entries["max"].value === 1;
}

type Address = { kind: "pooled" } | { kind: "direct"; place: Place };

const pooled =
  /-pooler\.|:6543\b|pgbouncer=true|connection_limit=|prisma(\+postgres)?:\/\/|accelerate|\bproxy\b|pooler\.supabase\.com:6543/i;
const direct =
  /db\.[\w-]+\.supabase\.co|pooler\.supabase\.com:5432|\.neon\.tech|\.rds\.amazonaws\.com|\.render\.com|\.railway\.app|\.rlwy\.net|\.digitalocean\.com|\.aivencloud\.com|\.cockroachlabs\.cloud/i;

/** What the example settings and the notes of the repo say about the database's address. */
function addressOf(model: Model, { root }: Service): Address | null {
  const folder = root === "." ? "" : `${root}/`;
  const names = [".env.example", ".env.sample", ".env.template", "env.example", ".env.local.example", "README.md"];
  for (const name of new Set([...names.map((each) => folder + each), ...names])) {
    const text = model.repo.has(name) ? (model.repo.read(name) ?? "") : "";
    const urls = [...text.matchAll(/\b(?:postgres(?:ql)?|mysql|prisma(?:\+postgres)?):\/\/[^\s"'`]+/g)];
    if (urls.some(([url]) => pooled.test(url))) return { kind: "pooled" };
    const found = urls.find(([url]) => direct.test(url));
    if (found !== undefined) return { kind: "direct", place: { file: name, line: lineAt(text, found.index) } };
  }
  return null;
}

function matchFor({ call, api }: Use, address: Place | null, model: Model): Match {
  const ways = routesTo(call, model);
  return {
    rule: directRule,
    file: address?.file ?? call.file,
    line: address?.line ?? call.line,
    confidence: address === null ? "low" : "medium",
    message: `Every copy of a function that the host starts opens connections of its own, straight to the database: a small database allows 60 to 100, and ${ways.length === 0 ? "a busy minute" : waitersIn(ways)} can use them up ("too many clients already").`,
    also: address === null ? [] : [{ file: call.file, line: call.line }],
    ...evidenceOf(ways),
    call: call.id,
    anchor: api,
    fix: "brief",
  };
}
