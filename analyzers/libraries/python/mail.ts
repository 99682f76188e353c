/** Python: sending mail, and messages to people's devices. */
import { client, facts, type ClientFact, type LibraryFact } from "../fact.ts";

export const pythonMail: readonly LibraryFact[] = [
  ...["pypi:smtplib:SMTP()", "pypi:smtplib:SMTP_SSL()"].flatMap((made) => facts("mail", made, "send_message sendmail")),
  ...facts("mail", "pypi:aiosmtplib:", "send"),
  ...facts("mail", "pypi:aiosmtplib:SMTP()", "send_message sendmail"),
  ...facts("mail", "pypi:fastapi_mail:**", "send_message"),
  ...facts("mail", "pypi:flask_mail:Mail()", "send send_message"),
  ...facts("mail", "pypi:flask_mail:Mail().connect()", "send"),
  ...facts("mail", "pypi:flask_mailman:**", "send send_mail send_messages"),
  ...facts("mail", "pypi:django:core.mail", "send_mail send_mass_mail mail_admins mail_managers"),
  ...facts("mail", "pypi:django:core.mail.**.EmailMessage()", "send"),
  ...facts("mail", "pypi:django:core.mail.**.EmailMultiAlternatives()", "send"),
  ...facts("mail", "pypi:django:core.mail.get_connection()", "send_messages"),
  ...facts("mail", "pypi:django:**.User", "email_user"),
  ...facts("mail", "pypi:sendgrid:**.SendGridAPIClient()", "send"),
  ...facts("mail", "pypi:sendgrid:**.SendGridAPIClient().client.mail.send", "post"),
  ...facts("mail", "pypi:resend:Emails", "send send_async"),
  ...facts("mail", "pypi:resend:Batch", "send"),
  ...facts("mail", "pypi:postmarker:core.PostmarkClient().emails", "send send_batch"),
  ...facts("mail", "pypi:emails:**", "send"),
  ...facts("mail", "pypi:mailjet_rest:Client().send", "create"),
  ...facts("mail", "pypi:yagmail:SMTP()", "send"),
  ...["pypi:sib_api_v3_sdk:**.", "pypi:brevo_python:**."].flatMap((sdk) => [
    ...facts("mail", `${sdk}TransactionalEmailsApi()`, "send_transac_email"),
    ...facts("push", `${sdk}TransactionalSMSApi()`, "send_transac_sms"),
  ]),
  ...aws("mail", "send_email send_raw_email send_templated_email"),
  ...facts("push", "pypi:twilio:rest.Client().messages", "create create_async"),
  ...facts("push", "pypi:twilio:rest.Client().calls", "create"),
  ...facts("push", "pypi:twilio:rest.Client().verify.**", "create"),
  ...facts("push", "pypi:firebase_admin:messaging", "send send_each send_multicast send_each_for_multicast"),
  ...facts("push", "pypi:pywebpush:", "webpush"),
  ...facts("push", "pypi:slack_sdk:**", "chat_postMessage"),
];

/** Clients of boto3 are told apart by a text, which an api path leaves out: their methods' names have to do. */
export function aws(kind: LibraryFact["kind"], methods: string): LibraryFact[] {
  return ["pypi:boto3:client()", "pypi:boto3:session.Session().client()", "pypi:boto3:Session().client()"].flatMap(
    (made) => facts(kind, made, methods),
  );
}

const SMTP = "Python documentation, smtplib.SMTP: without timeout the global default holds, which is none";

export const pythonMailClients: readonly ClientFact[] = ["SMTP", "SMTP_SSL"].map((name) =>
  client(`pypi:smtplib:${name}()`, {
    timeoutOption: "timeout",
    timeoutUnit: "s",
    defaultTimeoutMs: null,
    source: SMTP,
  }),
);
