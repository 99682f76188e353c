/** Outside hosts whose calls mean more than HTTP: what an app does that speaks to a service without the service's own client. */
import type { SinkKind } from "../model.ts";

interface HostFact {
  /** The host itself or the one above it: `googleapis.com` stands for all of its subdomains. */
  host: string;
  kind: Extract<SinkKind, "mail" | "push" | "model" | "payment">;
  /** Paths that the kind holds for; all when left out. */
  path?: RegExp;
}

/** Paths of model hosts where nobody waits for words: vectors, moderation, stored files, lists. */
const aside =
  /\/(embeddings?|embed|moderations|files|batches|fine_tuning|uploads|tokenize|detokenize|rerank)\b|\/(models|tags|voices)\/?$|:(embedContent|batchEmbedContents|countTokens)\b/;

const models = (
  "api.openai.com openai.azure.com api.anthropic.com generativelanguage.googleapis.com aiplatform.googleapis.com openrouter.ai " +
  "api.groq.com api.mistral.ai api.together.xyz api.together.ai api.replicate.com api.deepseek.com api.perplexity.ai " +
  "api.x.ai api.cohere.ai api.cohere.com api-inference.huggingface.co router.huggingface.co api.fireworks.ai " +
  "api.cerebras.ai api.sambanova.ai integrate.api.nvidia.com dashscope.aliyuncs.com api.moonshot.cn api.moonshot.ai " +
  "open.bigmodel.cn api.stability.ai queue.fal.run fal.run api.elevenlabs.io ai.gateway.lovable.dev models.inference.ai.azure.com " +
  "models.github.ai bedrock-runtime.us-east-1.amazonaws.com bedrock-runtime.us-west-2.amazonaws.com"
).split(" ");
const mails =
  "api.resend.com api.sendgrid.com api.postmarkapp.com api.brevo.com api.sendinblue.com api.mailgun.net api.eu.mailgun.net api.mailjet.com api.mailersend.com api.emailjs.com mandrillapp.com api.zeptomail.com api.sparkpost.com api.smtp2go.com send.api.mailtrap.io".split(
    " ",
  );
const payments =
  "api.stripe.com api.paystack.co api.razorpay.com api.flutterwave.com api-m.paypal.com api-m.sandbox.paypal.com api.paypal.com api.sandbox.paypal.com api.mollie.com api.lemonsqueezy.com api.paddle.com connect.squareup.com api.chapa.co api.xendit.co api.midtrans.com".split(
    " ",
  );

const facts: readonly HostFact[] = [
  ...models.map((host): HostFact => ({ host, kind: "model" })),
  ...mails.map((host): HostFact => ({ host, kind: "mail" })),
  ...payments.map((host): HostFact => ({ host, kind: "payment" })),
  { host: "graph.microsoft.com", kind: "mail", path: /\/sendMail\b/ },
  { host: "fcm.googleapis.com", kind: "push" },
  { host: "onesignal.com", kind: "push" },
  { host: "api.onesignal.com", kind: "push" },
  { host: "exp.host", kind: "push", path: /\/push\// },
  { host: "api.twilio.com", kind: "push", path: /\/(Messages|Calls)\b|^\*?$/ },
  { host: "api.pushover.net", kind: "push" },
  { host: "ntfy.sh", kind: "push" },
  { host: "api.termii.com", kind: "push" },
  { host: "api.telnyx.com", kind: "push" },
  { host: "api.africastalking.com", kind: "push" },
  { host: "rest.nexmo.com", kind: "push" },
  { host: "api.msg91.com", kind: "push" },
];

const byHost = new Map(facts.map((fact) => [fact.host, fact]));

/**
 * What a call to this address does to the world; null when the host is not known or not written out. `*` stands for what is
 * not known of an address.
 */
export function kindOfAddress(address: string): HostFact["kind"] | null {
  // The path by which OpenAI's interface is known, whoever offers it.
  if (/\/chat\/completions\/?$/.test(address)) return "model";
  const [, host = "", path = ""] = /^https?:\/\/([^/?#]+)([^?#]*)/i.exec(address) ?? [];
  const fact = factOf(host.toLowerCase().replace(/:\d+$/, ""));
  if (fact === undefined || (fact.path !== undefined && !fact.path.test(path))) return null;
  return fact.kind === "model" && aside.test(path) ? null : fact.kind;
}

/** The row of the host or the nearest one above it: `my-app.openai.azure.com` is `openai.azure.com`. */
function factOf(host: string): HostFact | undefined {
  const known = byHost.get(host);
  const dot = host.indexOf(".");
  return known !== undefined || dot < 0 ? known : factOf(host.slice(dot + 1));
}
