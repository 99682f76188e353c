/** Questions that take a look at every file of an app: asked once for each app and key, however many findings want to know. */
import type { Model } from "../../../analyzers/model.ts";

type Asked = Pick<Model, "repo" | "summary" | "service">;

/** The same function with a memory; a repo never changes. */
export function once<T>(ask: (key: string, model: Asked) => T): (key: string, model: Asked) => T {
  const known = new WeakMap<Model["repo"], Map<string, { answer: T }>>();
  return (key, model) => {
    const answers = known.get(model.repo) ?? new Map<string, { answer: T }>();
    known.set(model.repo, answers);
    const found = answers.get(key) ?? { answer: ask(key, model) };
    answers.set(key, found);
    return found.answer;
  };
}
