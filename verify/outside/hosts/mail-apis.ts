/** Mail services that are called over HTTP: what they take is counted as mail. */
import { addresses, field, textOr, type HostStandIn, type OutsideCall, type Reply } from "../host.ts";

type Sent = NonNullable<Reply["mails"]>[number];

/** The own id of a message, where the caller set one (as header or key), else the service's. */
function sent(body: unknown, to: unknown, from: unknown, subject: unknown, id: string): Sent {
  const own = field(body, "headers", "Message-ID") ?? field(body, "headers", "Message-Id");
  const [sender = ""] = addresses(from);
  return { from: sender, to: addresses(to), subject: textOr(subject, ""), messageId: textOr(own, id) };
}

function resend(call: OutsideCall): Reply | null {
  if (call.method !== "POST" || !/^\/emails(\/batch)?$/.test(call.path)) return { status: 200, json: {} };
  const bodies = Array.isArray(call.body) ? call.body : [call.body];
  const mails = bodies.map((body) =>
    sent(body, field(body, "to"), field(body, "from"), field(body, "subject"), call.unique("re-")),
  );
  const ids = mails.map((mail) => ({ id: mail.messageId }));
  return { status: 200, json: Array.isArray(call.body) ? { data: ids } : ids[0], mails };
}

function sendgrid(call: OutsideCall): Reply | null {
  if (call.method !== "POST" || call.path !== "/v3/mail/send") return { status: 200, json: {} };
  const people = field(call.body, "personalizations");
  const mails = (Array.isArray(people) ? people : []).map((one) =>
    sent(
      call.body,
      field(one, "to"),
      field(call.body, "from"),
      field(one, "subject") ?? field(call.body, "subject"),
      call.unique("sg-"),
    ),
  );
  return { status: 202, headers: { "x-message-id": mails[0]?.messageId ?? call.unique("sg-") }, text: "", mails };
}

function postmark(call: OutsideCall): Reply | null {
  if (call.method !== "POST" || !call.path.startsWith("/email")) return { status: 200, json: {} };
  const inner = field(call.body, "Messages");
  const bodies = Array.isArray(call.body) ? call.body : Array.isArray(inner) ? inner : [call.body];
  const mails = bodies.map((body) =>
    sent(body, field(body, "To"), field(body, "From"), field(body, "Subject"), call.unique("pm-")),
  );
  const SubmittedAt = new Date().toISOString();
  const told = mails.map((mail) => ({
    To: mail.to.join(","),
    SubmittedAt,
    MessageID: mail.messageId,
    ErrorCode: 0,
    Message: "OK",
  }));
  return { status: 200, json: bodies.length === 1 && bodies[0] === call.body ? told[0] : told, mails };
}

function mailgun(call: OutsideCall): Reply | null {
  if (call.method !== "POST" || !/^\/v3\/[^/]+\/messages(\.mime)?$/.test(call.path)) return { status: 200, json: {} };
  const { body } = call;
  const id = `<${call.unique("mg-")}@lab>`;
  const mail = sent(body, field(body, "to"), field(body, "from"), field(body, "subject"), id);
  const own = textOr(field(body, "h:Message-Id"), id);
  return {
    status: 200,
    json: { id: own, message: "Queued. Thank you." },
    mails: [{ ...mail, messageId: own }],
  };
}

function ses(call: OutsideCall): Reply | null {
  if (call.method !== "POST" || call.path !== "/v2/email/outbound-emails") return null;
  const { body } = call;
  const id = call.unique("ses-");
  const to = field(body, "Destination", "ToAddresses");
  const subject = field(body, "Content", "Simple", "Subject", "Data");
  return {
    status: 200,
    json: { MessageId: id },
    mails: [sent(body, to, field(body, "FromEmailAddress"), subject, id)],
  };
}

export const mailApis: readonly HostStandIn[] = [
  { name: "Resend", hosts: ["api.resend.com"], mail: true, answer: resend },
  { name: "SendGrid", hosts: ["api.sendgrid.com", "api.eu.sendgrid.com"], mail: true, answer: sendgrid },
  { name: "Postmark", hosts: ["api.postmarkapp.com"], mail: true, answer: postmark },
  { name: "Mailgun", hosts: ["api.mailgun.net", "api.eu.mailgun.net"], mail: true, answer: mailgun },
  { name: "Amazon SES", hosts: ["email.*.amazonaws.com"], mail: true, answer: ses },
];
