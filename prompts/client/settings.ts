/** Which model is asked, and where: read once from the environment. Without a key there is none, and everything else works. */
import { z } from "zod";

export type ModelSettings =
  | { kind: "on"; key: string; url: string; model: string; timeoutSeconds: number }
  /** Why there is no model, and what would change that. */
  | { kind: "off"; why: string; next: string };

/** A variable that is set to nothing is not set. */
const text = z
  .string()
  .trim()
  .optional()
  .transform((value) => (value === "" ? undefined : value));

const seconds = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(1).max(600));

const Environment = z.object({
  SHOREUP_MODEL_KEY: text,
  OPENAI_API_KEY: text,
  SHOREUP_MODEL_URL: text.pipe(z.url({ protocol: /^https?$/ }).optional()),
  OPENAI_BASE_URL: text.pipe(z.url({ protocol: /^https?$/ }).optional()),
  SHOREUP_MODEL_NAME: text.pipe(z.string().max(200).optional()),
  SHOREUP_MODEL_TIMEOUT: text.pipe(seconds.optional()),
});

const defaults = { url: "https://api.openai.com/v1", model: "gpt-5.5", timeoutSeconds: 30 };

export function modelSettings(environment: Readonly<Record<string, string | undefined>>): ModelSettings {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    // The names only: a value may hold a key that was put into the wrong variable.
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
    return { kind: "off", why: `${names.join(" and ")} cannot be used.`, next: "Correct or remove the setting." };
  }
  const set = parsed.data;
  const key = set.SHOREUP_MODEL_KEY ?? set.OPENAI_API_KEY;
  if (key === undefined)
    return {
      kind: "off",
      why: "No model is set up: there is no key.",
      next: "Set OPENAI_API_KEY, for another compatible server OPENAI_BASE_URL and SHOREUP_MODEL_NAME, too.",
    };
  return {
    kind: "on",
    key,
    url: set.SHOREUP_MODEL_URL ?? set.OPENAI_BASE_URL ?? defaults.url,
    model: set.SHOREUP_MODEL_NAME ?? defaults.model,
    timeoutSeconds: set.SHOREUP_MODEL_TIMEOUT ?? defaults.timeoutSeconds,
  };
}
