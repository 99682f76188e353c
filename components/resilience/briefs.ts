/** What the coding agent is told where the recipe must not edit. */
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import { addressRule } from "./addresses.ts";
import { bootRule } from "./boot.ts";
import { budgets } from "./budgets.ts";
import { swallowRule } from "./catches.ts";
import { httpRule } from "./http-timeouts.ts";
import { retryRule } from "./retries.ts";
import { secondaryRule } from "./secondary.ts";
import { smtpRule } from "./smtp-timeouts.ts";

type Words = Pick<Brief, "constraints" | "acceptance">;

const words: Readonly<Record<string, Words>> = {
  [retryRule]: {
    constraints: [
      "Only what may safely happen twice is repeated: reads, and writes under an idempotency key.",
      "One or two repetitions with a growing pause, on network errors and 429, 502, 503 and 504 only; all tries together stay within what a user would wait.",
      "A message that may arrive late goes through the app's queue where it has one.",
    ],
    acceptance:
      "With a stand-in that fails every third call, no request fails; with one that fails always, each request ends in time.",
  },
  [swallowRule]: {
    constraints: [
      "The error reaches the log, with what it was about, and the error tracker where there is one.",
      "A request whose work was not done says so; work that can be done later is kept for later.",
      "What may really fail unseen says why in a comment.",
    ],
    acceptance:
      "With the write, the payment or the message made to fail, the user or the log says so, and every request gets an answer.",
  },
  [bootRule]: {
    constraints: [
      "The server listens whether or not the other side is there, and is not ready until what it cannot do without has answered.",
      "Connecting goes on in the background with growing pauses; what needs it answers 503 meanwhile.",
    ],
    acceptance:
      "Started while the other side is down, the app listens, and it works within a minute after the other side is up, without a restart.",
  },
  [addressRule]: {
    constraints: [
      "The address comes from the environment; today's is the default outside production only, and production refuses to start without it.",
      "The example settings file names it.",
    ],
    acceptance:
      "With NODE_ENV=production no address of this machine or of a private network is reached for, or written into a mail or a redirect.",
  },
};

export function briefFor(finding: Finding): Brief {
  const own = words[finding.rule];
  if (own !== undefined)
    return { findingId: finding.id, where: { file: finding.file, line: finding.line }, why: finding.message, ...own };
  return {
    findingId: finding.id,
    where: { file: finding.file, line: finding.line },
    why: finding.message,
    constraints: [
      ...(isPython(finding.file) ? pythonConstraints(finding.rule) : constraintsFor(finding.rule)),
      "Nothing else about the call changes: same arguments, same result.",
    ],
    acceptance: `While the outside service hangs, ${finding.routes[0] ?? "the job"} ends within 30 seconds, and works again when the service does.`,
  };
}

function constraintsFor(rule: string): string[] {
  switch (rule) {
    case httpRule:
      return [
        `Bound the time to the first byte (about ${budgets.http} ms); where the answer is streamed on, the stream itself may take longer.`,
        "Pass the bound as the client's own option or signal (`AbortSignal.timeout` needs Node 17.3 or 16.14), and handle the error it raises like any failed call.",
      ];
    case smtpRule:
      return [
        "A transport that is given host and port as options takes connectionTimeout: 5000, greetingTimeout: 5000 and socketTimeout: 10000 beside them. Where it is made from an address, nodemailer up to version 9 ignores options beside it: append connectionTimeout=5000&greetingTimeout=5000&socketTimeout=10000 to its query.",
      ];
    case secondaryRule:
      return ["Catch the failure at this call, log it, and let the request end as if it had worked."];
    default:
      return [
        `Give the client a timeout (${budgets.model.milliseconds} ms for models, ${budgets.payment.milliseconds} ms for payments) and one repetition.`,
      ];
  }
}

const seconds = (milliseconds: string): number => Number(milliseconds) / 1000;

function pythonConstraints(rule: string): string[] {
  switch (rule) {
    case httpRule:
      return [
        `Give the call \`timeout=${seconds(budgets.http)}\` (requests, urllib) or the session a \`ClientTimeout(total=${seconds(budgets.http)})\` (aiohttp), and handle the error it raises like any failed call.`,
      ];
    case smtpRule:
      return [
        `Pass \`timeout=${seconds(budgets.mail.socketTimeout)}\` where the SMTP connection is made; in Django set \`EMAIL_TIMEOUT = ${seconds(budgets.mail.socketTimeout)}\`.`,
      ];
    default:
      return [
        `Make the client with \`timeout=${seconds(budgets.model.milliseconds)}\` (seconds) and \`max_retries=1\`.`,
      ];
  }
}
