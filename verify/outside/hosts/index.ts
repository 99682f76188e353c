/** The known hosts of the outside: one line each. */
import type { HostStandIn } from "../host.ts";
import { anthropic } from "./anthropic.ts";
import { mailApis } from "./mail-apis.ts";
import { openai } from "./openai.ts";
import { stripe } from "./stripe.ts";

const known: readonly HostStandIn[] = [stripe, openai, anthropic, ...mailApis];

function isMatch(pattern: string, host: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join("[a-z0-9.-]+")}$`, "i").test(host);
}

/** Who plays this host; null when nobody knows it. */
export function standInFor(host: string): HostStandIn | null {
  return known.find((one) => one.hosts.some((pattern) => isMatch(pattern, host))) ?? null;
}
