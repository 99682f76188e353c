/** Secrets told by their shape or by the name of their setting, and what only looks like one. */
import { expect, it } from "vitest";
import { isSecretSetting } from "./settings.ts";
import { secretsIn } from "./shapes.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const body = "9fQ2xVb7LmT4KcW8ZrE1Ys6Dp3Hn5GuJa0Ro";
const made = (...parts: string[]): string => parts.join("");

it.each([
  ["a Stripe live key", made("sk_", "live_", body.slice(0, 24))],
  ["an AWS access key", made("AK", "IA", "Q3XB7LMT4KCW2ZRE")],
  ["a GitHub token", made("gh", "p_", body)],
  ["a Slack token", made("xo", "xb-", "2847563920-", body.slice(0, 24))],
  ["a SendGrid key", made("S", "G.", body.slice(0, 22), ".", body, body.slice(0, 7))],
  ["a private key", made("-----BEGIN ", "PRIVATE KEY-----\n", body, body)],
  ["a database address with its password", made("postgres://shop:", "Kq7vT2mZx9", "@db.shop-cluster.net/shop")],
  [
    "a Supabase service role key",
    made(
      "ey",
      "JhbGciOiJIUzI1NiJ9.",
      Buffer.from('{"role":"service_role","iss":"supabase"}').toString("base64url"),
      ".",
      body,
    ),
  ],
])("%s", (kind, text) => {
  expect(secretsIn(`const value = "${text}";`).map((seen) => seen.kind)).toEqual([kind]);
});

it.each([
  made("sk_", "test_", body.slice(0, 24)),
  made("pk_", "live_", body.slice(0, 24)),
  made("sk_", "live_", "xxxxxxxxxxxxxxxxxxxxxxxx"),
  made("AK", "IAIOSFODNN7EXAMPLE"),
  "postgres://user:password@db.example.com/app",
  "postgres://postgres:postgres@localhost:5432/app",
  "postgres://app:s3cr7tk9@postgres:5432/app",
  "mongodb+srv://<username>:<password>@cluster0.abcde.mongodb.net",
  ["postgres://", "{user}:", "{password}@db.shop-cluster.net/shop"].join("$"),
  "https://api.shop.com:443/v1@2",
  made("ey", "JhbGciOiJIUzI1NiJ9.", Buffer.from('{"role":"anon","iss":"supabase"}').toString("base64url"), ".", body),
])("%s is none", (text) => {
  expect(secretsIn(`const value = "${text}";`)).toEqual([]);
});

it.each([
  ["SESSION_SECRET", "4f9c1be07d2a68353ee19ab6cc0f7d84", true],
  ["JWT_SECRET", '"4f9c1be07d2a68353ee19ab6cc0f7d84"', true],
  ["JWT_SECRET", "change-me-in-production-please-1", false],
  ["JWT_SECRET", "super-long-and-made-up-words-42", false],
  ["NEXT_PUBLIC_TOKEN", "4f9c1be07d2a68353ee19ab6cc0f7d84", false],
  ["COMMIT", "4f9c1be07d2a68353ee19ab6cc0f7d84", false],
  ["ACCESS_TOKEN_TTL", "900", false],
  ["TOKEN_URL", "https://accounts.shop.com/4f9c1be07d2a6835", false],
])("%s=%s: %s", (name, value, expected) => {
  expect(isSecretSetting(name, value)).toBe(expected);
});
