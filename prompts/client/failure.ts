/** Why a model did not answer, in words that hold no key. */
import { APIConnectionError, APIError } from "openai";
import { printable } from "../../analyzers/repo/printable.ts";
import { TooLargeError } from "./bounded-fetch.ts";
import type { ModelSettings } from "./settings.ts";

export interface Failure {
  /** `busy`: it may answer another time. `refused-format`: it may not know how to answer in a given shape. */
  cause: "busy" | "refused-format" | "final";
  why: string;
  /** What a busy server asks to wait. */
  pauseSeconds?: number;
}

const refusals = new Set([400, 404, 415, 422, 501]);
const longest = 200;

export function failureOf(
  error: unknown,
  settings: Extract<ModelSettings, { kind: "on" }>,
  isTimedOut: boolean,
): Failure {
  const at = new URL(settings.url).host;
  const final = (why: string): Failure => ({ cause: "final", why });
  if (isTimedOut) return final(`${at} did not answer within ${settings.timeoutSeconds} s.`);
  if (causesOf(error).some((cause) => cause instanceof TooLargeError))
    return final(`${at} sent more than an answer may be long.`);
  if (error instanceof APIConnectionError) return final(`${at} cannot be reached.`);
  if (!(error instanceof APIError) || typeof error.status !== "number")
    return final(`${at} sent something that is no chat completion.`);
  const { status, headers } = error;
  const said = printable(error.message.replaceAll(settings.key, "[the key]")).slice(0, longest);
  if (status === 401 || status === 403) return final(`${at} does not take the key (${status}).`);
  const why = `${at} answered ${said}.`;
  if (refusals.has(status)) return { cause: "refused-format", why };
  if (status !== 429 && status < 500) return final(why);
  const pause = Number(headers?.get("retry-after") ?? Number.NaN);
  return { cause: "busy", why, ...(Number.isFinite(pause) && pause >= 0 ? { pauseSeconds: pause } : {}) };
}

function causesOf(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}
