/** The model client: one question, one answer of a given shape, or in words why there is none. */
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI from "openai";
import { z } from "zod";
import { words } from "../words.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { failureOf, type Failure } from "./failure.ts";
import { readJson } from "./read-json.ts";
import type { ModelSettings } from "./settings.ts";

export interface Question<T> {
  /** Names the shape of the answer: letters and underscores. */
  name: string;
  system: string;
  user: string;
  schema: z.ZodType<T>;
}

export type Answer<T> = { kind: "answer"; value: T } | { kind: "none"; why: string };

export interface Model {
  name: string;
  /** Rejects only when aborted. */
  ask<T>(question: Question<T>, signal?: AbortSignal): Promise<Answer<T>>;
}

/** Busy servers are asked again so often, after these pauses (seconds) or what they ask for, no longer than the last. */
const pauses = [1, 4];

/** The parts of a chat completion that are read; servers send what they like. */
const Completion = z.looseObject({
  choices: z.array(
    z.looseObject({
      finish_reason: z.string().nullish(),
      message: z.looseObject({ content: z.string().nullish(), refusal: z.string().nullish() }),
    }),
  ),
});

export function openModel(settings: Extract<ModelSettings, { kind: "on" }>): Model {
  const style = { isStructured: true };
  return {
    name: settings.model,
    async ask(question, signal) {
      for (let tried = 0; ; tried += 1) {
        const outcome = await askOnce(settings, question, style.isStructured, signal);
        if (outcome.kind !== "failed") return outcome;
        if (outcome.cause === "refused-format" && style.isStructured) {
          style.isStructured = false;
          tried -= 1;
          continue;
        }
        const pause = outcome.cause === "busy" ? pauses[tried] : undefined;
        if (pause === undefined)
          return { kind: "none", why: tried === 0 ? outcome.why : `${outcome.why} It was asked ${tried + 1} times.` };
        const seconds = Math.min(outcome.pauseSeconds ?? pause, pauses.at(-1) ?? pause);
        await sleep(seconds * 1000, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
        signal?.throwIfAborted();
      }
    },
  };
}

type Outcome<T> = Answer<T> | ({ kind: "failed" } & Failure);

async function askOnce<T>(
  settings: Extract<ModelSettings, { kind: "on" }>,
  question: Question<T>,
  isStructured: boolean,
  signal: AbortSignal | undefined,
): Promise<Outcome<T>> {
  const deadline = AbortSignal.timeout(settings.timeoutSeconds * 1000);
  const over = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const client = new OpenAI({
    apiKey: settings.key,
    baseURL: settings.url,
    maxRetries: 0,
    logLevel: "off",
    timeout: settings.timeoutSeconds * 1000,
    fetch: boundedFetch(over),
  });
  try {
    const body = bodyOf(settings.model, question, isStructured);
    const completion: unknown = await client.chat.completions.create(body, { signal: over });
    return valueOf(question, completion);
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: "failed", ...failureOf(error, settings, deadline.aborted) };
  }
}

/** Without a response format the shape is asked for in words, which every server understands. */
function bodyOf<T>(
  model: string,
  { name, system, user, schema }: Question<T>,
  isStructured: boolean,
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const { $schema: _, ...shape } = z.toJSONSchema(schema);
  const asked = isStructured ? system : `${system}\n${words("plain-json", { SHAPE: JSON.stringify(shape) })}`;
  return {
    model,
    messages: [
      { role: "system", content: asked },
      { role: "user", content: user },
    ],
    ...(isStructured
      ? { response_format: { type: "json_schema" as const, json_schema: { name, strict: true, schema: shape } } }
      : {}),
  };
}

function valueOf<T>({ schema }: Question<T>, completion: unknown): Answer<T> {
  const none = (why: string): Answer<T> => ({ kind: "none", why });
  const parsed = Completion.safeParse(completion);
  const choice = parsed.data?.choices[0];
  if (choice === undefined) return none("The model's server sent something that is no chat completion.");
  const { content, refusal } = choice.message;
  if (refusal) return none("The model declined to answer.");
  if (choice.finish_reason === "length") return none("The model's answer was cut off at its server's limit.");
  const value = schema.safeParse(readJson(content ?? ""));
  if (value.success) return { kind: "answer", value: value.data };
  const [issue] = value.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.map(String).join(".")}`;
  return none(`The model's answer does not have the shape that was asked for${where}.`);
}
