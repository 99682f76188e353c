/** The verdict where nothing was found: it never says more than what could be read. */
import { clientOf } from "../../analyzers/libraries/index.ts";
import type { Known, Model, Use } from "../../analyzers/model.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import type { Verdict } from "../component.ts";
import { isBoundedAround } from "./http-timeouts.ts";
import { isOwnAddress } from "./own-address.ts";
import { isTimed, waysTo } from "./reached.ts";
import { bearableMs } from "./sdk-timeouts.ts";

export function whenQuiet(model: Model): Verdict {
  const server = unreadServer(model);
  if (server !== null) return { verdict: "unknown", reason: unreadReason(server), tripWire: null };
  const [open] = model.uses.filter((use) => mayHang(use, model));
  if (open !== undefined) return { verdict: "unknown", reason: unjudged(open), tripWire: null };
  if (!model.entries.some(({ kind }) => /^(route|worker-job|schedule|socket)$/.test(kind)))
    return { verdict: "not_applicable", reason: "Nothing here answers requests or runs jobs.", tripWire: null };
  return {
    verdict: "not_yet",
    reason: "No request or job was seen to make an outside call without a time limit.",
    tripWire:
      "The first call to another service, or more than one request in a thousand that takes over ten seconds: see the access log.",
  };
}

function unjudged({ api, call }: Use): string {
  return `An outside call was seen (${api}, ${call.file}:${call.line}), but who waits for it, or for how long, could not be read.`;
}

const outward = /^(http|mail|model|payment|push)$/;

/**
 * Whether the call goes out of the server with nothing known to bound it. Calls of a module's own body run at the start, and
 * those that only a timer makes keep nobody waiting.
 */
function mayHang(use: Use, model: Model): boolean {
  const { api, call, kind, construction } = use;
  if (!outward.test(kind ?? "") || call.isNew || !["server", "worker"].includes(model.context(call.file))) return false;
  if (isOwnAddress(call, model) || hasBearableDefault(api)) return false;
  if ([...call.args, ...(construction?.args ?? [])].some(isBound)) return false;
  if (isBoundedAround(call, { name: use.package }, model)) return false;
  const ways = waysTo(call, model);
  return ways.length === 0 ? model.fn(call.fn)?.isModule !== true : !ways.every(isTimed);
}

function hasBearableDefault(api: string): boolean {
  const fact = clientOf(api);
  if (fact === null || fact.defaultTimeoutMs === null) return false;
  return fact.defaultTimeoutMs * (1 + (fact.retries?.default ?? 0)) <= bearableMs;
}

const bounds = ["timeout", "signal", "abortSignal", "socketTimeout", "jsonTransport", "streamTransport"];

/** Options with a limit, or of a mail transport that speaks to nobody. */
function isBound(options: Known): boolean {
  return options.kind === "object" && bounds.some((key) => key in options.entries);
}
