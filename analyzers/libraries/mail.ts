/** Sending mail. */
import { client, facts, type ClientFact, type LibraryFact } from "./fact.ts";

export const mail: readonly LibraryFact[] = [
  ...facts("mail", "nodemailer:createTransport()", "sendMail"),
  ...facts("mail", "resend:Resend().emails", "send create"),
  ...facts("mail", "resend:Resend().batch", "send create"),
  ...facts("mail", "@sendgrid/mail:", "send sendMultiple"),
  ...facts("mail", "@sendgrid/mail:MailService()", "send sendMultiple"),
  ...facts(
    "mail",
    "postmark:ServerClient()",
    "sendEmail sendEmailWithTemplate sendEmailBatch sendEmailBatchWithTemplates",
  ),
  ...facts("mail", "postmark:Client()", "sendEmail sendEmailWithTemplate"),
  ...facts("mail", "mailgun.js:**.messages", "create"),
  ...facts("mail", "mailgun-js:().messages()", "send"),
  ...facts("mail", "@aws-sdk/client-ses:SESClient()", "send"),
  ...facts("mail", "@aws-sdk/client-ses:SES()", "sendEmail sendRawEmail sendTemplatedEmail"),
  ...facts("mail", "@aws-sdk/client-sesv2:SESv2Client()", "send"),
  ...facts("mail", "aws-sdk:SES()", "sendEmail sendRawEmail sendTemplatedEmail"),
  ...facts("mail", "@getbrevo/brevo:TransactionalEmailsApi()", "sendTransacEmail"),
  ...facts("mail", "@getbrevo/brevo:BrevoClient().**", "sendTransacEmail"),
  ...facts("mail", "sib-api-v3-sdk:TransactionalEmailsApi()", "sendTransacEmail"),
  ...facts("mail", "node-mailjet:**", "request"),
  ...facts("mail", "mailersend:MailerSend().email", "send"),
  ...facts("mail", "@emailjs/nodejs:", "send"),
  ...facts("mail", "email-templates:()", "send"),
  ...facts("mail", "googleapis:google.gmail().users.messages", "send"),
  ...facts("mail", "sendmail:", "()"),
  ...facts("mail", "@nestjs-modules/mailer:MailerService()", "sendMail"),
];

export const mailClients: readonly ClientFact[] = [
  client("nodemailer:createTransport()", {
    timeoutOption: "socketTimeout",
    defaultTimeoutMs: 600_000,
    source: "nodemailer.com/smtp: socketTimeout 10 min, connectionTimeout 2 min, greetingTimeout 30 s",
  }),
  client("resend:Resend()", {
    timeoutOption: null,
    defaultTimeoutMs: 300_000,
    source: "the SDK calls global fetch without a signal; undici waits 300 s for headers",
  }),
  client("@aws-sdk/client-ses:SESClient()", {
    timeoutOption: "requestHandler.requestTimeout",
    defaultTimeoutMs: null,
    retries: { option: "maxAttempts", default: 2 },
    source: "AWS SDK for JavaScript v3, NodeHttpHandler: requestTimeout 0 (none); three attempts",
  }),
];
