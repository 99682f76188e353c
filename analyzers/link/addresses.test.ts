/** Calls of known hosts without the host's own client: what they do, by the address they are given. */
import { describe, expect, it } from "vitest";
import { modelFrom } from "./testing/model-from.ts";

const kindsIn = (text: string, more: Record<string, string> = {}) => {
  const model = modelFrom({ "app.js": text, ...more });
  return model.uses
    .filter(({ addresses }) => addresses !== undefined)
    .map(({ kind, addresses }) => [kind, addresses?.[0]]);
};

describe("the kind of an HTTP call", () => {
  it.each<[string, string, [string, string | undefined]]>([
    [
      "a literal address",
      `fetch("https://api.openai.com/v1/chat/completions", { method: "POST" });`,
      ["model", "https://api.openai.com/v1/chat/completions"],
    ],
    [
      "a constant in front of a path",
      'const BASE = "https://api.groq.com/openai/v1";\nfetch(`${BASE}/chat/completions`, { method: "POST" });',
      ["model", "https://api.groq.com/openai/v1/chat/completions"],
    ],
    [
      "a setting's default",
      `const url = process.env.RESEND_URL || "https://api.resend.com/emails";\nfetch(url, { method: "POST" });`,
      ["mail", "$RESEND_URL"],
    ],
    [
      "a setting without one",
      `fetch(process.env.SLACK_WEBHOOK_URL, { method: "POST" });`,
      ["http", "$SLACK_WEBHOOK_URL"],
    ],
    [
      "an axios instance",
      `import axios from "axios";\nconst api = axios.create({ baseURL: "https://openrouter.ai/api/v1" });\napi.post("/chat/completions", {});`,
      ["model", "https://openrouter.ai/api/v1/chat/completions"],
    ],
    [
      "axios with everything in one object",
      `import axios from "axios";\naxios({ method: "post", url: "https://api.brevo.com/v3/smtp/email" });`,
      ["mail", "https://api.brevo.com/v3/smtp/email"],
    ],
    [
      "options of https.request",
      `import https from "node:https";\nhttps.request({ hostname: "api.paystack.co", path: "/transaction/initialize", method: "POST" });`,
      ["payment", "https://api.paystack.co/transaction/initialize"],
    ],
    [
      "a URL object",
      `fetch(new URL("/v1/messages", "https://api.anthropic.com"), { method: "POST" });`,
      ["model", "https://api.anthropic.com/v1/messages"],
    ],
    [
      "a subdomain",
      'fetch(`https://acme.openai.azure.com/openai/deployments/${process.env.D}/chat/completions`, { method: "POST" });',
      ["model", "https://acme.openai.azure.com/openai/deployments/*/chat/completions"],
    ],
    [
      "a text message",
      'fetch(`https://api.twilio.com/2010-04-01/Accounts/${sid}/Messages.json`, { method: "POST" });',
      ["push", "https://api.twilio.com/2010-04-01/Accounts/*/Messages.json"],
    ],
    ["a list of models", `fetch("https://api.openai.com/v1/models");`, ["http", "https://api.openai.com/v1/models"]],
    [
      "vectors",
      `fetch("https://api.openai.com/v1/embeddings", { method: "POST" });`,
      ["http", "https://api.openai.com/v1/embeddings"],
    ],
    ["another host", `fetch("https://api.example.com/x", { method: "POST" });`, ["http", "https://api.example.com/x"]],
    [
      "a host that only ends alike",
      `fetch("https://notapi.openai.com.example.org/v1", { method: "POST" });`,
      ["http", "https://notapi.openai.com.example.org/v1"],
    ],
    ["nothing known", `export const load = (u) => fetch(u.x, { method: "POST" });`, ["http", undefined]],
  ])("%s", (_, text, expected) => {
    expect(kindsIn(text)).toEqual([expected]);
  });

  it("is plain HTTP where one helper calls several kinds of hosts", () => {
    const helper = `export const post = (url, body) => fetch(url, { method: "POST", body });`;
    const app = `import { post } from "./post.js";
post("https://api.openai.com/v1/responses", "a");
post("https://api.resend.com/emails", "b");`;
    expect(kindsIn(app, { "post.js": helper })).toMatchObject([["http", expect.anything()]]);
  });

  it("is the host's where all callers of a helper agree", () => {
    const helper = `export const post = (url, body) => fetch(url, { method: "POST", body });`;
    const app = `import { post } from "./post.js";
post("https://api.openai.com/v1/responses", "a");
post("https://api.anthropic.com/v1/messages", "b");`;
    expect(kindsIn(app, { "post.js": helper })).toMatchObject([["model", expect.anything()]]);
  });
});
