/** Secrets that can be told by their shape alone, whatever they are called. */

/** A secret seen in a text: what it is, and where it begins. The secret itself goes no further than this file. */
export interface Seen {
  kind: string;
  at: number;
  /** The shape is also that of keys which are public in some places. */
  isUncertain: boolean;
}

interface Shape {
  kind: string;
  pattern: RegExp;
  isUncertain?: true;
  /** A further look at what was found, where the pattern alone says too little. */
  holds?: (found: RegExpExecArray) => boolean;
}

const shapes: readonly Shape[] = [
  { kind: "a Stripe live key", pattern: /\b[sr]k_live_[A-Za-z0-9]{16,}/g },
  { kind: "an AWS access key", pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  { kind: "a GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/g },
  { kind: "a GitLab token", pattern: /\bglpat-[\w-]{20,}/g },
  { kind: "an npm token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: "a Slack token", pattern: /\bxox[abprs]-\d{8,}-[\w-]{16,}/g },
  { kind: "a Slack webhook address", pattern: /hooks\.slack\.com\/services\/T\w{7,}\/B\w{7,}\/\w{20,}/g },
  { kind: "a Discord webhook address", pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{16,}\/[\w-]{50,}/g },
  { kind: "an Anthropic key", pattern: /\bsk-ant-[\w-]{30,}/g },
  { kind: "an OpenAI key", pattern: /\bsk-(?:proj-[\w-]{40,}|[A-Za-z0-9]{48}\b)/g },
  { kind: "a SendGrid key", pattern: /\bSG\.[\w-]{22}\.[\w-]{43}\b/g },
  { kind: "a Mailgun key", pattern: /\bkey-[0-9a-f]{32}\b/g },
  { kind: "a Telegram bot token", pattern: /\b\d{8,10}:AA[\w-]{33}\b/g },
  { kind: "a Google API key", pattern: /\bAIza[\w-]{35}/g, isUncertain: true },
  {
    kind: "a private key",
    pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\\n|[\s"'+\\])*([A-Za-z0-9+/=]{40,})/g,
    holds: ([, body = ""]) => isVaried(body),
  },
  {
    kind: "a Supabase service role key",
    pattern: /\beyJ[\w-]{10,}\.(eyJ[\w-]{20,})\.[\w-]{20,}/g,
    holds: ([, payload = ""]) =>
      /"role":\s*"service_role"/.test(decoded(payload)) && !/supabase-demo/.test(decoded(payload)),
  },
  {
    kind: "a database address with its password",
    pattern:
      /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?):\/\/([\w.%+-]*):([^\s"'`@:/<>${}]{4,})@([\w.-]+\.[a-z]{2,})(?=[:/?"'`\s]|$)/gi,
    holds: ([, user = "", password = "", host = ""]) =>
      isForeign(host) && !isPlaceholder(`${user} ${password} ${host}`),
  },
];

/** One look tells most files apart: the beginnings of all shapes. */
const anyOf =
  /[sr]k_live_|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|npm_|xox[abprs]-|hooks\.slack|api\/webhooks|sk-ant-|sk-proj-|\bsk-\w{48}|SG\.|\bkey-[0-9a-f]{8}|:AA|AIza|PRIVATE KEY|\beyJ|:\/\/[^\s/@]*:[^\s/@]+@/;

export function secretsIn(text: string): Seen[] {
  if (!anyOf.test(text)) return [];
  return shapes.flatMap(({ kind, pattern, isUncertain = false, holds = isReal }) => {
    const seen: Seen[] = [];
    for (const found of text.matchAll(pattern)) if (holds(found)) seen.push({ kind, at: found.index, isUncertain });
    return seen;
  });
}

/** The text with every such secret replaced by what it is; those that look made up go as well. */
export function withoutShapes(text: string): string {
  if (!anyOf.test(text)) return text;
  return shapes.reduce((kept, { kind, pattern }) => kept.replace(pattern, `[${kind}]`), text);
}

function isReal([found]: RegExpExecArray): boolean {
  return !isPlaceholder(found) && isVaried(found);
}

const placeholder =
  /x{4,}|\*{3,}|\.{3}|your|example|placeholder|change|dummy|fake|sample|insert|replace|redacted|secret|password|passwd|username|user:|<|\bpass\b|1234|abcd|0000|test/i;

/** Words and runs by which authors say that something else belongs here. */
export function isPlaceholder(text: string): boolean {
  return placeholder.test(text);
}

/** A random string uses many different characters; one made up to fill a place does not. */
export function isVaried(text: string): boolean {
  return new Set(text).size >= Math.min(12, text.length / 2);
}

/** A host on the internet, not this machine, a container beside it, or a name kept for examples. */
function isForeign(host: string): boolean {
  return !/(^|\.)(example|localhost|local|internal|test|invalid|host|domain|docker)\b|^(127|10|192\.168|0)\.|xxx/i.test(
    host,
  );
}

function decoded(payload: string): string {
  return Buffer.from(payload, "base64url").toString("latin1");
}
