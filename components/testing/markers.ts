/** Expected hits, written into fixtures as comments: read, then stripped so that they disturb nothing. */

export interface Expected {
  rule: string;
  file: string;
  line: number;
}

export interface Marked {
  /** The text without its markers; every other line keeps its number. */
  text: string;
  expected: Expected[];
  /** Markers `expect-low`: hits that stay out of the default view. */
  low: Expected[];
}

/** A marker and whatever comment signs surround it, up to the end of the line. */
const marker =
  /[ \t]*(?:\/\/|#|\/\*|\{\/\*|<!--|--|;)\s*expect(-next)?(-low)?:\s*([\w/-]+(?:\s*,\s*[\w/-]+)*)\s*(?:\*\/\}?|-->)?[ \t]*(?=\r?$)/m;

/**
 * `expect: rule` marks its own line, `expect-next: rule` on a line of its own the next line that is not a marker; `-low`
 * behind either means low confidence. Rules are `component/rule`; without a slash the component's name is put in front.
 */
export function readMarkers(component: string, file: string, text: string): Marked {
  const marked: Marked = { text: "", expected: [], low: [] };
  const waiting: { rule: string; low: boolean }[] = [];
  const lines = text.split("\n").map((line, index) => {
    const match = marker.exec(line);
    const found = (match?.[3] ?? "")
      .split(",")
      .map((rule) => rule.trim())
      .filter((rule) => rule !== "");
    const rules = found.map((rule) => ({
      rule: rule.includes("/") ? rule : `${component}/${rule}`,
      low: match?.[2] !== undefined,
    }));
    const next = match?.[1] !== undefined;
    if (next) waiting.push(...rules);
    else
      for (const { rule, low } of [...rules, ...waiting.splice(0)])
        (low ? marked.low : marked.expected).push({ rule, file, line: index + 1 });
    return match === null ? line : line.slice(0, match.index) + line.slice(match.index + match[0].length);
  });
  return { ...marked, text: lines.join("\n") };
}
