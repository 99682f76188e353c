import { describe, expect, it } from "vitest";
import { pattern } from "./pattern.ts";

describe("pattern", () => {
  it.each([
    ["openai:**.create", "openai:().chat.completions.create", true],
    ["openai:**.create", "openai:create", true],
    ["openai:**.create", "openai:().chat.recreate", false],
    ["@prisma/client:PrismaClient().*.findMany", "@prisma/client:PrismaClient().user.findMany", true],
    ["@prisma/client:PrismaClient().*.findMany", "@prisma/client:PrismaClient().findMany", false],
    ["drizzle-orm/*:drizzle().select", "drizzle-orm/node-postgres:drizzle().select", true],
    ["drizzle-orm/*:drizzle().select", "drizzle-orm/node-postgres:drizzle().select().from", false],
    ["pg:*().query", "pg:Pool().query", true],
    ["pg:**.query", "pg:Pool().connect().query", true],
    ["node:fs:writeFile", "node:fs:writeFile", true],
    ["node:fs:writeFile", "node:fs/promises:writeFile", false],
    ["node:fs", "node:fs:writeFile", true],
    ["openai", "openai:().chat", true],
    ["openai", "openai-edge:().chat", false],
    ["express-rate-limit:()", "express-rate-limit:()", true],
    ["express-rate-limit:()", "express-rate-limit:rateLimit()", false],
    ["express-rate-limit:**.()", "express-rate-limit:rateLimit()", true],
    ["axios:", "axios:", true],
    ["axios:", "axios:get", false],
  ])("%s on %s is %s", (text, api, expected) => {
    expect(pattern(text).matches(api)).toBe(expected);
  });
});
