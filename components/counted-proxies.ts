/** The setting by which an app believes everybody about a caller's address, changed to the number of its proxies. */
import type { Model, Place } from "../analyzers/model.ts";
import type { Edit } from "../patches/edit.ts";
import { toDialectExpression } from "../patches/editors/dialect.ts";
import { openSource } from "../patches/editors/source.ts";

/** One proxy is believed as before, in what it says of the protocol, too. */
const expression = "Number(process.env.TRUST_PROXY_HOPS || 1)";
const forms: readonly { written: RegExp; text: (match: RegExpExecArray) => string }[] = [
  { written: /(["'`]trust proxy["'`]\s*,\s*)true\b/, text: (match) => `${match[1] ?? ""}${expression}` },
  {
    written: /\.enable\(\s*(["'`]trust proxy["'`])\s*\)/,
    text: (match) => `.set(${match[1] ?? ""}, ${expression})`,
  },
  { written: /(\btrustProxy["']?\s*:\s*)true\b/, text: (match) => `${match[1] ?? ""}${expression}` },
];

export const countedNote =
  "One proxy in front of the app is believed about a client's address: set TRUST_PROXY_HOPS to 2 when a CDN stands before it, else all who come by one of its machines share a count.";

/** Null where the setting is written in another form. */
export function countedProxies({ file, line }: Place, model: Model): Edit[] | null {
  const source = openSource(model.repo, file);
  if (source === null) return null;
  const start = source.text.split("\n", line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const text = source.text.slice(start).split("\n", 1).join();
  for (const { written, text: other } of forms) {
    const match = written.exec(text);
    if (match === null) continue;
    const at = start + match.index;
    const inside = other(match).replace(expression, toDialectExpression(expression, source.style));
    return [{ kind: "replace", file, start: at, end: at + match[0].length, text: inside }];
  }
  return null;
}
