/** Turns what a user does into what an attacker does. */
import type { Scenario, Step } from "../experiment.ts";
import { placeholders } from "../load/template.ts";

/** Answers that a guess may get; a 429 is what the experiment looks for. */
const answersToGuesses = [200, 201, 202, 204, 302, 400, 401, 403, 404, 409, 422];
const secretField = /pass(word|phrase)|^pwd$|^pin$|^otp$|secret/i;

/** Wrong passwords where there are any, and no account to begin with unless the attempts cannot do without one. */
export function attackOn({ name, role, before, measured }: Scenario): Scenario {
  const attempts = measured.map(withGuess);
  const needsAccount = attempts.some((step) =>
    placeholders(step).some((needed) => needed !== "unique" && needed !== "n"),
  );
  return { name: `${name} (attack)`, role, before: needsAccount ? before : [], measured: attempts };
}

function withGuess(step: Step): Step {
  const expect = [...new Set([...(step.expect ?? []), ...answersToGuesses])];
  const { body } = step;
  if (typeof body !== "object" || body === null || Array.isArray(body)) return { ...step, expect };
  const guessed = Object.entries(body).map(([key, value]) => [
    key,
    secretField.test(key) ? "wrong-guess-{{unique}}" : value,
  ]);
  return { ...step, expect, body: Object.fromEntries(guessed) };
}
