/** OpenAI and the hosts that speak its protocol: every prompt gets a short answer, whole or streamed, structured where a schema is given. */
import { field, textOr, type HostStandIn, type OutsideCall, type Reply } from "../host.ts";
import { sample } from "../sample.ts";

const words = "The lab answers in place of the model.";

function said(format: unknown): string {
  const type = field(format, "type");
  if (type === "json_schema")
    return JSON.stringify(sample(field(format, "json_schema", "schema") ?? field(format, "schema")));
  return type === "json_object" ? "{}" : words;
}

const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
const data = (json: unknown): string => `data: ${JSON.stringify(json)}\n\n`;

function chat(call: OutsideCall): Reply {
  const created = Math.floor(Date.now() / 1000);
  const base = { id: call.unique("chatcmpl-"), created, model: textOr(field(call.body, "model"), "gpt-4o-mini") };
  const content = said(field(call.body, "response_format"));
  if (field(call.body, "stream") !== true) {
    const choice = {
      index: 0,
      message: { role: "assistant", content, refusal: null },
      finish_reason: "stop",
      logprobs: null,
    };
    return { status: 200, json: { ...base, object: "chat.completion", choices: [choice], usage } };
  }
  const chunk = (delta: object, finish: string | null): string =>
    data({ ...base, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] });
  const parts = content.match(/\S+\s*/g) ?? [];
  const events = parts.map((part) => chunk({ content: part }, null));
  return {
    status: 200,
    events: [chunk({ role: "assistant", content: "" }, null), ...events, chunk({}, "stop"), "data: [DONE]\n\n"],
  };
}

function responses(call: OutsideCall): Reply {
  const id = call.unique("resp_");
  const text = said(field(call.body, "text", "format"));
  const content = [{ type: "output_text", text, annotations: [] }];
  const item = { id: call.unique("msg_"), type: "message", role: "assistant", status: "completed", content };
  const response = {
    id,
    object: "response",
    created_at: Math.floor(Date.now() / 1000),
    status: "completed",
    model: textOr(field(call.body, "model"), "gpt-4o-mini"),
    output: [item],
    output_text: text,
    error: null,
    usage: { input_tokens: 10, output_tokens: 10, total_tokens: 20 },
  };
  if (field(call.body, "stream") !== true) return { status: 200, json: response };
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  const told: [string, object][] = [
    ["response.created", { response: { ...response, status: "in_progress", output: [] } }],
    ["response.output_text.delta", { ...place, delta: text }],
    ["response.output_text.done", { ...place, text }],
    ["response.completed", { response }],
  ];
  return { status: 200, events: told.map(([type, rest]) => `event: ${type}\n${data({ type, ...rest })}`) };
}

function embeddings(call: OutsideCall): Reply {
  const input = field(call.body, "input");
  const count = Array.isArray(input) && typeof input[0] !== "number" ? input.length : 1;
  const size = Number(textOr(field(call.body, "dimensions"), "1536"));
  const vector = Array.from({ length: Math.min(size, 4096) }, (_, index) => Math.sin(index + 1) / Math.sqrt(size / 2));
  const isPacked = field(call.body, "encoding_format") === "base64";
  const embedding = isPacked ? Buffer.from(Float32Array.from(vector).buffer).toString("base64") : vector;
  const list = Array.from({ length: count }, (_, index) => ({ object: "embedding", index, embedding }));
  return { status: 200, json: { object: "list", model: field(call.body, "model"), data: list, usage } };
}

const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function answer(call: OutsideCall): Reply | null {
  if (call.path.endsWith("/chat/completions")) return chat(call);
  if (call.path.endsWith("/responses")) return responses(call);
  if (call.path.endsWith("/embeddings")) return embeddings(call);
  if (call.path.endsWith("/images/generations"))
    return { status: 200, json: { created: 1, data: [{ b64_json: pixel }] } };
  if (call.path.endsWith("/moderations")) {
    return {
      status: 200,
      json: { id: call.unique("modr-"), results: [{ flagged: false, categories: {}, category_scores: {} }] },
    };
  }
  if (call.path.endsWith("/models")) return { status: 200, json: { object: "list", data: [] } };
  return null;
}

export const openai: HostStandIn = {
  name: "OpenAI",
  hosts: [
    "api.openai.com",
    "*.openai.azure.com",
    "openrouter.ai",
    "api.groq.com",
    "api.deepseek.com",
    "api.mistral.ai",
    "api.together.xyz",
    "api.x.ai",
  ],
  answer,
};
