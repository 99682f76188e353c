/** Anthropic's messages, whole or streamed. */
import { field, textOr, type HostStandIn, type OutsideCall, type Reply } from "../host.ts";

const text = "The lab answers in place of the model.";

function messages(call: OutsideCall): Reply {
  const message = {
    id: call.unique("msg_"),
    type: "message",
    role: "assistant",
    model: textOr(field(call.body, "model"), "claude"),
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 10 },
  };
  if (field(call.body, "stream") !== true) return { status: 200, json: message };
  const told: [string, object][] = [
    ["message_start", { message: { ...message, content: [], stop_reason: null } }],
    ["content_block_start", { index: 0, content_block: { type: "text", text: "" } }],
    ["content_block_delta", { index: 0, delta: { type: "text_delta", text } }],
    ["content_block_stop", { index: 0 }],
    ["message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 10 } }],
    ["message_stop", {}],
  ];
  return {
    status: 200,
    events: told.map(([type, rest]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`),
  };
}

function answer(call: OutsideCall): Reply | null {
  if (call.path === "/v1/messages") return messages(call);
  return call.path === "/v1/messages/count_tokens" ? { status: 200, json: { input_tokens: 10 } } : null;
}

export const anthropic: HostStandIn = { name: "Anthropic", hosts: ["api.anthropic.com"], answer };
