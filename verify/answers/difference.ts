/** Names how one side's answers differ from the other's. */
import { typeOf, type CanonicalAnswer, type Shape } from "./canonical.ts";

/** `breaking`: what a client relied on is gone or other. `added`: a client may ignore it. */
export interface Difference {
  kind: "breaking" | "added";
  text: string;
}

/** Differences of the answer to one step, `step` being its name for the sentences. */
export function answerDifferences(step: string, before: CanonicalAnswer, after: CanonicalAnswer): Difference[] {
  if (before.status !== after.status) {
    return [{ kind: "breaking", text: `${step} answered ${before.status} and now answers ${after.status}` }];
  }
  if (before.type !== after.type) {
    const [was, is] = [before.type || "no content type", after.type || "no content type"];
    return [{ kind: "breaking", text: `${step} was ${was} and now is ${is}` }];
  }
  if (before.body === null || after.body === null) return [];
  return shapeDifferences(before.body, after.body, "").map(({ kind, text }) => ({ kind, text: `${step}: ${text}` }));
}

function shapeDifferences(before: Shape, after: Shape, pointer: string): Difference[] {
  const place = pointer === "" ? "the body" : pointer;
  if (before.kind === "object" && after.kind === "object") {
    return Object.keys({ ...before.entries, ...after.entries }).flatMap((key): Difference[] => {
      const [was, is] = [before.entries[key], after.entries[key]];
      const inner = `${pointer}/${key}`;
      if (was && is) return shapeDifferences(was, is, inner);
      if (!was) return [{ kind: "added", text: `${inner} is new` }];
      return before.optional.includes(key) ? [] : [{ kind: "breaking", text: `${inner} is gone` }];
    });
  }
  if (before.kind === "array" && after.kind === "array") {
    return before.items && after.items ? shapeDifferences(before.items, after.items, `${pointer}/*`) : [];
  }
  if (before.kind === "literal" && after.kind === "literal") {
    if (before.value === after.value) return [];
    return [
      {
        kind: "breaking",
        text: `${place} was ${JSON.stringify(before.value)} and now is ${JSON.stringify(after.value)}`,
      },
    ];
  }
  const [was, is] = [typeOf(before), typeOf(after)];
  if (was === is || was === "any" || is === "any") return [];
  return [{ kind: "breaking", text: `${place} was ${was} and now is ${is}` }];
}
