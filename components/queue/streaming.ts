/** Answers of a model that go to the user word by word: nobody waits for the last word before they see the first. */
import { fileIn, indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Known, Model, Reach, Use } from "../../analyzers/model.ts";
import type { Value } from "../../analyzers/summary.ts";

const streaming =
  /(^|[.:])(stream|astream|chat_stream|generate_content_stream|streamText|streamObject|streamUI|sendMessageStream|generateContentStream|chatStream|textGenerationStream|chatCompletionStream|toDataStreamResponse)(\(\))?$/;

/** By the method's name, by `stream: true`, also in the body of a plain request, or by an address that streams. */
export function isStreamed({ api, call, addresses = [] }: Use, model: Model): boolean {
  if (streaming.test(api.slice(api.indexOf(":") + 1))) return true;
  if (addresses.some((address) => /stream(Generate|ed)?\w*([?/]|$)|[?&]alt=sse/i.test(address))) return true;
  if (call.args.some(asksForStream)) return true;
  return addresses.length > 0 && bodiesIn(call, model).some(asksForStream);
}

function asksForStream(arg: Known): boolean {
  if (arg.kind !== "object") return false;
  const { stream, responseType } = arg.entries;
  if (responseType?.kind === "literal" && responseType.value === "stream") return true;
  return stream !== undefined && (stream.kind !== "literal" || stream.value === true);
}

/** What the function turns into JSON: the body of its request among it. */
function bodiesIn({ file, fn }: CallSite, model: Model): Known[] {
  const own = indexIn(fn);
  const calls = model.summary(file)?.calls ?? [];
  return calls.flatMap(({ fn: holder, callee }, index) => {
    const isJson = holder === own && callee.kind === "member" && callee.property === "stringify";
    return isJson ? (model.call(`${file}#${index}`)?.args.slice(0, 1) ?? []) : [];
  });
}

/** Whether some function on the way opens a stream of events to the user. */
export function streamsAnswer({ path }: Reach, model: Model): boolean {
  return path.some(({ fn }) => {
    const calls = model.summary(fileIn(fn))?.calls ?? [];
    return calls.some((call) => call.fn === indexIn(fn) && call.args.some(namesEventStream));
  });
}

function namesEventStream(value: Value): boolean {
  if (value.kind === "literal") return typeof value.value === "string" && value.value.startsWith("text/event-stream");
  return value.kind === "object" && value.entries.some((entry) => namesEventStream(entry.value));
}
