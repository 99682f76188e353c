/** What an app that logs in by Auth.js lets people try: a password, a mail to themselves, or only their account elsewhere. */
import type { Model, Route } from "../../analyzers/model.ts";

/** Providers that send a mail with a link. */
const mailing = new Set([
  "email",
  "forwardemail",
  "loops",
  "mailgun",
  "mailchimp",
  "nodemailer",
  "postmark",
  "resend",
  "sendgrid",
]);
const provider = /^(?:next-auth|@auth\/[\w-]+)\/providers\/([\w-]+)(?:\.js)?$/;

/** Whether Auth.js answers the route itself. */
export function isAuthJs({ handlers }: Route): boolean {
  return handlers.some(({ api }) => /^(next-auth|@auth\/)/.test(api ?? ""));
}

/** Whether the app's code names providers, and all of them ask another site who somebody is. */
export function trustsOtherSites(model: Model): boolean {
  const names = providersOf(model);
  return names.length > 0 && !names.some((name) => name === "credentials" || name === "passkey" || mailing.has(name));
}

/** Whether whoever gives an address has a mail sent there. */
export function sendsLinks(model: Model): boolean {
  return providersOf(model).some((name) => mailing.has(name));
}

function providersOf(model: Model): string[] {
  return model.repo.files.flatMap((file) => {
    if (model.context(file) !== "server") return [];
    return (model.summary(file)?.imports ?? []).flatMap(({ specifier, typeOnly }) => {
      const name = typeOnly ? undefined : provider.exec(specifier)?.[1];
      return name === undefined ? [] : [name.toLowerCase()];
    });
  });
}
