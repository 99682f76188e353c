/** Which value each name gets. */
import { expect, it } from "vitest";
import { environmentFor, parseDotenv } from "./environment.ts";
import { givenFor } from "./given.ts";
import type { Given } from "./environment-rules.ts";
import { serviceWith } from "./testing/tiny-app.ts";

const bare = givenFor(
  { id: "lab" },
  { postgres: null, database: null, redis: null, bucket: null, url: "http://127.0.0.1:20000" },
);
const database = {
  url: "postgresql://u:p@127.0.0.1:5/d",
  host: "127.0.0.1",
  port: 5,
  user: "u",
  password: "p",
  name: "d",
};
const full: Given = { ...bare, database, redis: { url: "redis://127.0.0.1:6", port: 6 } };

function valueOf(
  name: string,
  given: Given,
  hints: { default?: string | number; example?: string } = {},
): string | undefined {
  const place = { file: "a.js", line: 1 };
  const service = serviceWith({ env: [{ name, default: hints.default ?? null, place }] });
  const examples = new Map(hints.example === undefined ? [] : [[name, hints.example]]);
  return environmentFor({ service, examples, given }).values[name];
}

it.each([
  ["DATABASE_URL", database.url],
  ["SHOP_DATABASE_URL", database.url],
  ["POSTGRES_PRISMA_URL", database.url],
  ["DB_HOST", "127.0.0.1"],
  ["DB_PORT", "5"],
  ["POSTGRES_USER", "u"],
  ["PGPASSWORD", "p"],
  ["DB_NAME", "d"],
  ["PGDATABASE", "d"],
  ["REDIS_URL", "redis://127.0.0.1:6"],
  ["REDIS_HOST", "127.0.0.1"],
  ["REDIS_PORT", "6"],
  ["REDIS_PASSWORD", undefined],
  ["SMTP_HOST", "smtp.lab.example"],
  ["EMAIL_PORT", "587"],
  ["SMTP_SECURE", "false"],
  ["MAIL_FROM", "lab@shop.example"],
  ["APP_URL", "http://127.0.0.1:20000"],
  ["CORS_ORIGIN", "http://127.0.0.1:20000"],
  ["SENTRY_DSN", undefined],
  ["NODE_ENV", "production"],
  ["PORT", undefined],
  ["FEATURE_X", undefined],
])("%s is %s", (name, value) => {
  expect(valueOf(name, full)).toBe(value);
});

it.each([
  ["JWT_SECRET", /^[0-9a-f]{64}$/],
  ["SESSION_KEY", /^[0-9a-f]{64}$/],
  ["SMTP_PASS", /^[0-9a-f]{64}$/],
  ["STRIPE_SECRET_KEY", /^sk_test_[0-9a-f]{48}$/],
  ["STRIPE_PUBLISHABLE_KEY", /^pk_test_/],
  ["STRIPE_WEBHOOK_SECRET", /^whsec_/],
  ["OPENAI_API_KEY", /^sk-[0-9a-f]{48}$/],
  ["RESEND_API_KEY", /^re_/],
])("%s is made up in its own shape, the same each time", (name, shape) => {
  expect(valueOf(name, full)).toMatch(shape);
  expect(valueOf(name, full)).toBe(valueOf(name, full));
});

it("keeps numbers, switches and examples of the app", () => {
  expect(valueOf("MAX_TOKENS", full)).toBeUndefined();
  expect(valueOf("RESET_TOKEN", full, { default: 3600 })).toBeUndefined();
  expect(valueOf("USE_API_KEY", full, { example: "true" })).toBe("true");
  expect(valueOf("CURRENCY", full, { example: "eur" })).toBe("eur");
  expect(valueOf("DB_PORT", full, { default: 5432 })).toBe("5");
  expect(valueOf("JOBS", full, { example: "postgres://localhost/jobs" })).toBe(database.url);
});

it("gives no address of a service that is not there, whatever the example says", () => {
  expect(valueOf("DATABASE_URL", bare)).toBeUndefined();
  expect(valueOf("REDIS_URL", bare, { example: "redis://localhost:6379" })).toBeUndefined();
  expect(valueOf("QUEUE", bare, { example: "amqp://localhost" })).toBeUndefined();
});

it("names what the code reads and nobody gave", () => {
  const place = { file: "a.js", line: 1 };
  const env = [
    { name: "TENANT", default: null, place },
    { name: "THEME", default: "dark", place },
  ];
  expect(environmentFor({ service: serviceWith({ env }), examples: new Map(), given: bare }).unset).toEqual(["TENANT"]);
});

it("reads dotenv files as dotenv does", () => {
  const text = `# comment\nA=1\nexport B = "two # words"\nC='x' # why\nD=plain # why\nbroken line\nE=\r\n`;
  expect([...parseDotenv(text)]).toEqual([
    ["A", "1"],
    ["B", "two # words"],
    ["C", "x"],
    ["D", "plain"],
    ["E", ""],
  ]);
});
