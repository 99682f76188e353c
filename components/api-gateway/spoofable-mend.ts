/** Believes as many proxies as stand before the app, where it believed everybody about a caller's address. */
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { openSource } from "../../patches/editors/source.ts";
import { toDialectExpression } from "../../patches/editors/dialect.ts";
import type { Finding } from "../finding.ts";
import { byHandBrief } from "./by-hand.ts";
import type { Work } from "./limit-work.ts";
import { hopsVariable } from "./trust-proxy.ts";

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

export function mendSpoofable(finding: Finding, model: Model): Work {
  const edits = finding.anchor === "trust proxy" ? settingAt(finding, model) : null;
  const service = model.service(finding.file);
  if (edits === null || service === null) {
    const brief = byHandBrief(finding, "the address is taken from a header by code of the app's own");
    return { outcomes: [{ finding, brief }], edits: [], notes: [], env: [] };
  }
  return {
    outcomes: [{ finding, brief: null }],
    edits: [...edits, ...addEnv(model.repo, service.root, [hopsVariable])],
    notes: [
      "One proxy in front of the app is believed about a client's address: set TRUST_PROXY_HOPS to 2 when a CDN stands before it, else all who come by one of its machines share a count.",
    ],
    env: [hopsVariable],
  };
}

function settingAt({ file, line }: Finding, model: Model): Edit[] | null {
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
