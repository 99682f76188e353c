/** What the coding agent is told where the recipe must not edit. */
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import { budgets } from "./budgets.ts";
import { httpRule } from "./http-timeouts.ts";
import { secondaryRule } from "./secondary.ts";
import { smtpRule } from "./smtp-timeouts.ts";

export function briefFor(finding: Finding): Brief {
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
        "The transport is made from an address: nodemailer up to version 9 ignores options beside it, so append connectionTimeout=5000&greetingTimeout=5000&socketTimeout=10000 to its query, or give host, port and auth as options.",
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
