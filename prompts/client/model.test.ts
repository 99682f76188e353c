/** The model client against a server of the same protocol that is slow, busy, broken or hostile. */
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import {
  fails,
  floods,
  garbles,
  json,
  modelServer,
  says,
  stalls,
  stallsWithin,
  type ModelServer,
  type Reply,
} from "../testing/model-server.ts";
import { openModel, type Answer } from "./model.ts";
import { readJson } from "./read-json.ts";
import { modelSettings } from "./settings.ts";

const key = "key-that-nobody-may-read";
const Colour = z.strictObject({ colour: z.string() });
const question = { name: "colour", system: "Name a colour.", user: "Of the sky.", schema: Colour };
const blue = says('{"colour":"blue"}');

async function serve(...replies: [Reply, ...Reply[]]): Promise<ModelServer> {
  const server = await modelServer(...replies);
  onTestFinished(() => server.close());
  return server;
}

async function ask(server: { url: string }, signal?: AbortSignal): Promise<Answer<z.infer<typeof Colour>>> {
  const settings = modelSettings({ OPENAI_API_KEY: key, OPENAI_BASE_URL: server.url, SHOREUP_MODEL_TIMEOUT: "1" });
  if (settings.kind === "off") throw new Error(settings.why);
  return openModel(settings).ask(question, signal);
}

describe("a question", () => {
  it("goes to chat completions with its shape, and comes back as a value", async () => {
    const server = await serve(blue);
    expect(await ask(server)).toEqual({ kind: "answer", value: { colour: "blue" } });
    const [asked] = server.asked;
    expect(asked).toMatchObject({ path: "/v1/chat/completions", key });
    expect(asked?.body).toMatchObject({
      messages: [
        { role: "system", content: "Name a colour." },
        { role: "user", content: "Of the sky." },
      ],
      response_format: { type: "json_schema", json_schema: { name: "colour", strict: true } },
    });
  });

  it("is asked in words where the server knows no shapes", async () => {
    const server = await serve(
      fails(400, "response_format is not supported"),
      says('Here:\n```json\n{"colour":"blue"}\n```'),
    );
    expect(await ask(server)).toEqual({ kind: "answer", value: { colour: "blue" } });
    expect(server.asked[1]?.body.response_format).toBeUndefined();
    expect(server.asked[1]?.body.messages[0]?.content).toContain('"required":["colour"]');
  });

  it.each([
    ["429 then fine", [fails(429, "slow down", { "retry-after": "0" }), blue]],
    ["500 then fine", [fails(500, "oops", { "retry-after": "0" }), blue]],
  ] as [string, [Reply, ...Reply[]]][])("is asked again: %s", async (_, replies) => {
    const server = await serve(...replies);
    expect(await ask(server)).toEqual({ kind: "answer", value: { colour: "blue" } });
    expect(server.asked).toHaveLength(2);
  });

  it.each([
    ["stalls", stalls, /did not answer within 1 s/, 1],
    ["stalls within its answer", stallsWithin, /did not answer within 1 s/, 1],
    ["sends without end", floods, /more than an answer may be long/, 1],
    ["sends a page", garbles, /no chat completion/, 1],
    ["sends an empty object", (_, response) => json(response, 200, {}), /no chat completion/, 1],
    ["answers in another shape", says('{"color":1}'), /does not have the shape .* at colour/, 1],
    ["answers in prose", says("Blue, I think."), /does not have the shape/, 1],
    ["is cut off", says('{"col', "length"), /cut off/, 1],
    ["does not take the key", fails(401, `Incorrect key ${key}`), /does not take the key \(401\)/, 1],
    ["tells the key", fails(402, `No money for ${key}`), /No money for \[the key\]/, 1],
    ["is always busy", fails(503, "busy", { "retry-after": "0" }), /503 busy.* asked 3 times/, 3],
    ["is gone", fails(404, "no such model"), /404 no such model/, 2],
    [
      "sends elsewhere",
      (_, response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
      /cannot be reached/,
      1,
    ],
  ] as [string, Reply, RegExp, number][])(
    "is left, in time and in words, when the server %s",
    async (_, reply, why, times) => {
      const server = await serve(reply);
      const began = performance.now();
      const answer = await ask(server);
      expect(performance.now() - began).toBeLessThan(4000);
      expect(answer).toMatchObject({ kind: "none", why: expect.stringMatching(why) as string });
      expect(JSON.stringify(answer)).not.toContain(key);
      expect(server.asked).toHaveLength(times);
    },
  );

  it("is left when nobody listens", async () => {
    expect(await ask({ url: "http://127.0.0.1:1/v1" })).toMatchObject({ why: "127.0.0.1:1 cannot be reached." });
  });

  it.each([
    ["the server stalls", stalls],
    ["a pause lasts", fails(429, "later", { "retry-after": "3000" })],
  ])("ends at once when it is called off while %s", async (_, reply) => {
    const stopping = new AbortController();
    const server = await serve((asked, response) => {
      reply(asked, response);
      setTimeout(() => stopping.abort(new Error("called off")), 50);
    });
    const began = performance.now();
    await expect(ask(server, stopping.signal)).rejects.toThrow("called off");
    expect(performance.now() - began).toBeLessThan(900);
  });
});

describe("the settings", () => {
  it.each([
    [{}, /no key/],
    [{ OPENAI_API_KEY: " " }, /no key/],
    [{ OPENAI_API_KEY: key, OPENAI_BASE_URL: `file:///${key}` }, /^OPENAI_BASE_URL cannot be used/],
    [{ OPENAI_API_KEY: key, SHOREUP_MODEL_TIMEOUT: key }, /^SHOREUP_MODEL_TIMEOUT cannot be used/],
  ])("%j are none", (environment, why) => {
    const settings = modelSettings(environment);
    expect(settings).toMatchObject({ kind: "off", why: expect.stringMatching(why) as string });
    expect(JSON.stringify(settings)).not.toContain(key);
  });

  it("of ours come before OpenAI's own", () => {
    const all = { OPENAI_API_KEY: "a", OPENAI_BASE_URL: "https://a.example/v1" };
    expect(modelSettings({ ...all, SHOREUP_MODEL_KEY: "b", SHOREUP_MODEL_URL: "http://localhost:11434/v1" })).toEqual({
      kind: "on",
      key: "b",
      url: "http://localhost:11434/v1",
      model: "gpt-5.5",
      timeoutSeconds: 30,
    });
  });
});

it.each([
  ['{"a":1}', { a: 1 }],
  ['```json\n{"a":{"b":"}"}}\n```', { a: { b: "}" } }],
  ['Sure: {"a":1} - done', { a: 1 }],
  ["no", undefined],
  ["} {", undefined],
])("reads JSON out of %j", (text, value) => {
  expect(readJson(text)).toEqual(value);
});
