/** Python: calls of language and image models. */
import { client, facts, type ClientFact, type LibraryFact } from "../fact.ts";

const OPENAI_LIKE =
  "chat.completions.create chat.completions.parse beta.chat.completions.parse responses.create responses.parse " +
  "completions.create embeddings.create images.generate images.edit audio.transcriptions.create " +
  "audio.translations.create audio.speech.create moderations.create beta.threads.runs.create " +
  "beta.threads.runs.create_and_poll chat.completions.stream responses.stream";
const openai = ["OpenAI", "AsyncOpenAI", "AzureOpenAI", "AsyncAzureOpenAI"].map((name) => `pypi:openai:${name}()`);
const groq = ["Groq", "AsyncGroq"].map((name) => `pypi:groq:${name}()`);
const anthropic = ["Anthropic", "AsyncAnthropic", "AnthropicBedrock"].map((name) => `pypi:anthropic:${name}()`);

export const pythonModel: readonly LibraryFact[] = [
  ...[
    ...openai,
    ...openai.map((made) => `${made}.with_options()`),
    ...groq,
    "pypi:together:Together()",
    "pypi:openai:",
  ].flatMap((made) => facts("model", made, OPENAI_LIKE)),
  ...facts(
    "model",
    "pypi:openai:",
    "ChatCompletion.create ChatCompletion.acreate Completion.create Image.create Embedding.create",
  ),
  ...anthropic.flatMap((made) =>
    facts("model", made, "messages.create messages.stream beta.messages.create completions.create"),
  ),
  ...facts("model", "pypi:google:generativeai.GenerativeModel()", "generate_content generate_content_async"),
  ...facts("model", "pypi:google:generativeai.GenerativeModel().start_chat()", "send_message send_message_async"),
  ...facts("model", "pypi:google:generativeai", "embed_content generate_text"),
  ...facts(
    "model",
    "pypi:google:genai.Client().**",
    "generate_content generate_content_stream generate_images embed_content send_message",
  ),
  ...facts("model", "pypi:vertexai:**", "generate_content generate_content_async send_message"),
  ...facts("model", "pypi:litellm:", "completion acompletion embedding aembedding image_generation text_completion"),
  ...facts("model", "pypi:cohere:**", "chat generate embed rerank chat_stream"),
  ...facts("model", "pypi:replicate:", "run async_run predictions.create stream"),
  ...facts("model", "pypi:replicate:Client()", "run predictions.create"),
  ...facts("model", "pypi:mistralai:**", "complete complete_async stream"),
  ...facts("model", "pypi:ollama:", "chat generate embeddings"),
  ...facts("model", "pypi:ollama:Client()", "chat generate embeddings"),
  ...facts("model", "pypi:huggingface_hub:**", "text_generation chat_completion text_to_image"),
  ...[
    "langchain",
    "langchain_openai",
    "langchain_anthropic",
    "langchain_google_genai",
    "langchain_groq",
    "langchain_community",
  ].flatMap((name) =>
    facts(
      "model",
      `pypi:${name}:**`,
      "invoke ainvoke predict apredict run arun stream astream batch abatch generate agenerate",
    ),
  ),
  ...facts("model", "pypi:elevenlabs:**", "generate convert"),
];

/** The SDKs that one generator makes share options and numbers. */
function generated(construct: string, defaultTimeoutMs: number, source: string): ClientFact {
  return client(construct, {
    timeoutOption: "timeout",
    timeoutOn: "either",
    timeoutUnit: "s",
    defaultTimeoutMs,
    retries: { option: "max_retries", default: 2 },
    source,
  });
}

const TEN_MINUTES = 600_000;

export const pythonModelClients: readonly ClientFact[] = [
  ...openai.map((made) =>
    generated(made, TEN_MINUTES, "openai-python README: requests time out after 10 minutes and are retried twice"),
  ),
  ...anthropic.map((made) =>
    generated(
      made,
      TEN_MINUTES,
      "anthropic-sdk-python README: requests time out after 10 minutes and are retried twice",
    ),
  ),
  ...groq.map((made) =>
    generated(made, 60_000, "groq-python README: requests time out after 1 minute and are retried twice"),
  ),
];
