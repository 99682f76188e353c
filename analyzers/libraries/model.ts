/** Calls of language and image models. */
import { client, facts, type ClientFact, type LibraryFact } from "./fact.ts";

const OPENAI_LIKE =
  "chat.completions.create chat.completions.parse chat.completions.stream beta.chat.completions.parse beta.chat.completions.stream " +
  "responses.create responses.parse responses.stream completions.create embeddings.create images.generate images.edit " +
  "audio.transcriptions.create audio.translations.create audio.speech.create moderations.create " +
  "beta.threads.runs.create beta.threads.runs.createAndPoll beta.threads.runs.poll";
const ANTHROPIC = "messages.create messages.stream beta.messages.create completions.create";
const AI_SDK =
  "generateText streamText generateObject streamObject embed embedMany generateImage experimental_generateImage";

/** The client, and the copy of it with other options: `client.withOptions({ timeout })`. */
function withCopies(made: readonly string[]): string[] {
  return made.flatMap((each) => [each, `${each}.withOptions()`]);
}

export const model: readonly LibraryFact[] = [
  ...withCopies([
    "openai:()",
    "openai:OpenAI()",
    "openai:AzureOpenAI()",
    "groq-sdk:()",
    "groq-sdk:Groq()",
    "together-ai:()",
  ]).flatMap((made) => facts("model", made, OPENAI_LIKE)),
  ...facts("model", "openai:OpenAIApi()", "createChatCompletion createCompletion createImage createEmbedding"),
  ...withCopies(["@anthropic-ai/sdk:()", "@anthropic-ai/sdk:Anthropic()"]).flatMap((made) =>
    facts("model", made, ANTHROPIC),
  ),
  ...["@google/genai:GoogleGenAI()", "@google/genai:()"].flatMap((made) =>
    facts(
      "model",
      made,
      "models.generateContent models.generateContentStream models.generateImages models.embedContent " +
        "chats.create().sendMessage chats.create().sendMessageStream",
    ),
  ),
  ...facts(
    "model",
    "@google/generative-ai:GoogleGenerativeAI().**",
    "generateContent generateContentStream sendMessage sendMessageStream embedContent batchEmbedContents",
  ),
  ...facts(
    "model",
    "@google-cloud/vertexai:VertexAI().**",
    "generateContent generateContentStream sendMessage sendMessageStream",
  ),
  ...facts("model", "ai:", AI_SDK),
  ...["replicate:()", "replicate:Replicate()"].flatMap((made) => facts("model", made, "run stream predictions.create")),
  ...facts("model", "@mistralai/mistralai:Mistral()", "chat.complete chat.stream embeddings.create"),
  ...facts("model", "@mistralai/mistralai:()", "chat chatStream embeddings"),
  ...["cohere-ai:CohereClient()", "cohere-ai:CohereClientV2()"].flatMap((made) =>
    facts("model", made, "chat chatStream generate embed rerank"),
  ),
  ...facts("model", "@huggingface/inference:HfInference()", "textGeneration chatCompletion textToImage request"),
  ...facts("model", "@huggingface/inference:InferenceClient()", "textGeneration chatCompletion textToImage"),
  ...facts("model", "ollama:", "chat generate embeddings"),
  ...facts("model", "ollama:Ollama()", "chat generate embeddings"),
  ...facts("model", "@aws-sdk/client-bedrock-runtime:BedrockRuntimeClient()", "send"),
  ...facts("model", "@fal-ai/client:fal", "subscribe run"),
  ...facts("model", "@langchain/*:**", "invoke stream batch call"),
  ...facts("model", "langchain/*:**", "invoke stream batch call"),
  ...facts("model", "langchain:createAgent()", "invoke stream streamEvents batch"),
  ...facts("model", "@elevenlabs/elevenlabs-js:ElevenLabsClient().textToSpeech", "convert stream"),
];

/** The SDKs that one generator makes share options and numbers. */
function generated(construct: string, defaultTimeoutMs: number, source: string): ClientFact {
  return client(construct, {
    timeoutOption: "timeout",
    timeoutOn: "either",
    defaultTimeoutMs,
    retries: { option: "maxRetries", default: 2 },
    source,
  });
}

const OPENAI = "openai-node README: requests time out after 10 minutes and are retried twice";
const CLAUDE = "anthropic-sdk-typescript README: requests time out after 10 minutes and are retried twice";
const GROQ = "groq-typescript README: requests time out after 1 minute and are retried twice";
const UNDICI = "the SDK calls global fetch; undici waits 300 s for headers";

export const modelClients: readonly ClientFact[] = [
  generated("openai:()", 600_000, OPENAI),
  generated("openai:OpenAI()", 600_000, OPENAI),
  generated("openai:AzureOpenAI()", 600_000, OPENAI),
  ...[
    { made: "@langchain/openai:ChatOpenAI()", defaultTimeoutMs: 600_000 },
    { made: "@langchain/groq:ChatGroq()", defaultTimeoutMs: 60_000 },
  ].map(({ made, defaultTimeoutMs }) =>
    client(made, {
      timeoutOption: "timeout",
      defaultTimeoutMs,
      retries: { option: "maxRetries", default: 6 },
      source: "LangChain.js reference: `timeout` is the SDK's unless set, `maxRetries` 6",
    }),
  ),
  client("openai:OpenAIApi()", {
    timeoutOption: "timeout",
    timeoutOn: "call",
    optionsAt: 1,
    defaultTimeoutMs: null,
    versions: "<4",
    source: "openai-node 3 calls axios, whose timeout is 0 (none); each method takes axios options behind its request",
  }),
  generated("@anthropic-ai/sdk:()", 600_000, CLAUDE),
  generated("@anthropic-ai/sdk:Anthropic()", 600_000, CLAUDE),
  generated("groq-sdk:()", 60_000, GROQ),
  generated("groq-sdk:Groq()", 60_000, GROQ),
  client("@google/genai:GoogleGenAI()", {
    timeoutOption: "httpOptions.timeout",
    defaultTimeoutMs: 300_000,
    source: UNDICI,
  }),
  client("@google/generative-ai:GoogleGenerativeAI().getGenerativeModel()", {
    timeoutOption: "timeout",
    optionsAt: 1,
    defaultTimeoutMs: 300_000,
    source: UNDICI,
  }),
  client("@mistralai/mistralai:Mistral()", { timeoutOption: "timeoutMs", defaultTimeoutMs: 300_000, source: UNDICI }),
  client("replicate:()", { timeoutOption: null, defaultTimeoutMs: 300_000, source: UNDICI }),
  ...AI_SDK.split(" ").map((name) =>
    client(`ai:${name}`, {
      timeoutOption: "abortSignal",
      timeoutOn: "call",
      timeoutUnit: "signal",
      defaultTimeoutMs: 300_000,
      retries: { option: "maxRetries", default: 2 },
      source: `AI SDK reference: abortSignal, maxRetries 2; ${UNDICI}`,
    }),
  ),
];
