/** The names of route files as React Router and Remix read them: dots part segments, and signs before and after a name mean something. */

/** One part of a route's name. `raw` is how it is written, by which a route finds its parent; `path` is null where it has none. */
export interface Segment {
  raw: string;
  path: string | null;
}

/** `users.$id_.edit` -> `users`, `:id`, `edit`. What stands in square brackets means nothing but itself. */
export function segmentsOf(name: string): Segment[] {
  return partsOf(name).map((part) => ({ raw: part.map(({ sign }) => sign).join(""), path: pathOf(part) }));
}

interface Letter {
  sign: string;
  isEscaped: boolean;
}

function partsOf(name: string): Letter[][] {
  const parts: Letter[][] = [[]];
  let isEscaped = false;
  for (const sign of name) {
    if (sign === "[" || sign === "]") isEscaped = sign === "[";
    else if ((sign === "." || sign === "/") && !isEscaped) parts.push([]);
    else parts.at(-1)?.push({ sign, isEscaped });
  }
  return parts.filter((part) => part.length > 0);
}

function pathOf(part: readonly Letter[]): string | null {
  const isSign = (letter: Letter | undefined, sign: string) => letter?.sign === sign && !letter.isEscaped;
  const isOptional = isSign(part[0], "(") && isSign(part.at(-1), ")");
  const inner = isOptional ? part.slice(1, -1) : part;
  if (isSign(inner[0], "_")) return null;
  const kept = isSign(inner.at(-1), "_") ? inner.slice(0, -1) : inner;
  const text = kept.map(({ sign }) => sign).join("");
  const plain = isSign(kept[0], "$") ? (text === "$" ? "*" : `:${text.slice(1)}`) : text;
  return isOptional ? `${plain}?` : plain;
}
