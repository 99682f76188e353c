/** JSON out of a model's answer, which may wrap it in a code block or a sentence. */

/** The value of the whole text, or of its outermost braces; undefined when neither is JSON. */
export function readJson(text: string): unknown {
  return parsed(text) ?? parsed(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
