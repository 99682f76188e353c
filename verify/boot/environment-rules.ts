/** Which names of environment variables mean what, as a table: first match wins. */
import { createHash } from "node:crypto";

interface Database {
  url: string;
  host: string;
  port: number;
  user: string;
  password: string;
  name: string;
}

/** What the lab can give to an app. */
export interface Given {
  database: Database | null;
  redis: { url: string; port: number } | null;
  /** A stand-in for S3. */
  bucket: { url: string } | null;
  mail: { host: string; port: number; url: string };
  /** The stack's own address. */
  url: string;
  /** Seeds the made-up secrets, so that both sides and all replicas have the same. */
  seed: string;
}

/** Text: the value. Null: left unset. Undefined: the app's example, if it has one. */
type RuleValue = string | null | undefined;

interface Rule {
  pattern: RegExp;
  value(given: Given, name: string): RuleValue;
}

/** A made-up secret: hex, 64 characters unless told, the same for the same name in one lab. */
function secret(given: Given, name: string, length = 64): string {
  return createHash("sha512").update(`${given.seed} ${name}`).digest("hex").slice(0, length);
}

const database = String.raw`(?:\w+_)?(?:DATABASE|POSTGRES(?:QL)?|PG|DB|SQL)`;
const mail = String.raw`(?:\w+_)?(?:SMTP|MAIL|EMAIL|MAILER|NODEMAILER|MAILTRAP|GMAIL)`;
const sender = "lab@shop.example";

function rule(pattern: string, value: Rule["value"]): Rule {
  return { pattern: new RegExp(`^(?:${pattern})$`, "i"), value };
}

const databaseRules: readonly Rule[] = [
  rule(
    `${database}_?(?:PRISMA_|PRIVATE_|DIRECT_|POOL(?:ED|ER)?_|NON_POOLING_|URL_NON_POOLING)?(?:URL|URI|DSN|CONNECTION(?:_?STRING|_URL|_URI)?)?(?:_NON_POOLING|_UNPOOLED)?`,
    (given, name) => (/URL|URI|DSN|CONN/i.test(name) ? (given.database?.url ?? null) : undefined),
  ),
  rule("DIRECT_URL|SHADOW_DATABASE_URL", (given) => given.database?.url ?? null),
  rule(`${database}_?(?:HOST|HOSTNAME|SERVER|ADDR(?:ESS)?)`, (given) => given.database?.host),
  rule(`${database}_?PORT`, (given) => given.database?.port.toString()),
  rule(`${database}_?(?:USER|USERNAME)`, (given) => given.database?.user),
  rule(`${database}_?(?:PASS|PASSWORD|PASSWD|PWD)`, (given) => given.database?.password),
  rule(`${database}_?(?:NAME|DATABASE|DB|DB_NAME)`, (given) => given.database?.name),
];

const redisRules: readonly Rule[] = [
  rule(
    String.raw`(?:\w+_)?(?:REDIS|VALKEY|KV)_?(?:TLS_)?(?:URL|URI|CONNECTION(?:_STRING)?)`,
    (given) => given.redis?.url ?? null,
  ),
  rule(String.raw`(?:\w+_)?REDIS_?(?:HOST|HOSTNAME)`, (given) => (given.redis ? "127.0.0.1" : null)),
  rule(String.raw`(?:\w+_)?REDIS_?PORT`, (given) => given.redis?.port.toString() ?? null),
  rule(String.raw`(?:\w+_)?REDIS_?(?:USER|USERNAME|PASS|PASSWORD|TLS|SSL)`, () => null),
];

const bucketRules: readonly Rule[] = [
  rule(
    String.raw`(?:\w+_)?(?:S3|R2|SPACES|MINIO|BUCKET|OBJECT_STORAGE)_?(?:API_)?ENDPOINT(?:_URL)?|AWS_ENDPOINT(?:_URL)?(?:_S3)?`,
    (given) => given.bucket?.url ?? null,
  ),
];

const mailRules: readonly Rule[] = [
  rule(`${mail}_?(?:HOST|HOSTNAME|SERVER)`, (given) => given.mail.host),
  rule(`${mail}_?PORT`, (given) => String(given.mail.port)),
  rule(`${mail}_?(?:SECURE|SSL|TLS|USE_SSL|USE_TLS)`, () => "false"),
  rule(`${mail}_?(?:URL|URI|DSN|CONNECTION(?:_URL|_STRING)?|TRANSPORT(?:_URL)?)`, (given) => given.mail.url),
  rule(`${mail}_?(?:USER|USERNAME|LOGIN|FROM|FROM_ADDRESS|SENDER|ADDRESS|REPLY_TO)`, () => sender),
  rule(
    String.raw`(?:\w+_)?(?:FROM_EMAIL|EMAIL_FROM|MAIL_FROM|SENDER_EMAIL|SUPPORT_EMAIL|ADMIN_EMAIL|CONTACT_EMAIL)|EMAIL|FROM`,
    () => sender,
  ),
];

const secretRules: readonly Rule[] = [
  rule(
    String.raw`(?:\w+_)?STRIPE_(?:\w+_)?(?:PUBLISHABLE|PUBLIC|PK)(?:_KEY)?`,
    (given, name) => `pk_test_${secret(given, name, 48)}`,
  ),
  rule(
    String.raw`(?:\w+_)?STRIPE_(?:\w+_)?WEBHOOK(?:_SIGNING)?_(?:SECRET|KEY)`,
    (given, name) => `whsec_${secret(given, name, 48)}`,
  ),
  rule(
    String.raw`(?:\w+_)?STRIPE_(?:\w+_)?(?:SECRET|SK|SECRET_KEY|API_KEY|KEY)`,
    (given, name) => `sk_test_${secret(given, name, 48)}`,
  ),
  rule(String.raw`(?:\w+_)?OPENAI_(?:API_)?KEY`, (given, name) => `sk-${secret(given, name, 48)}`),
  rule(String.raw`(?:\w+_)?(?:ANTHROPIC|CLAUDE)_(?:API_)?KEY`, (given, name) => `sk-ant-${secret(given, name, 48)}`),
  rule(String.raw`(?:\w+_)?RESEND_(?:API_)?KEY`, (given, name) => `re_${secret(given, name, 32)}`),
  rule(
    String.raw`(?:\w+_)?SENDGRID_(?:API_)?KEY`,
    (given, name) => `SG.${secret(given, name, 22)}.${secret(given, `${name}2`, 43)}`,
  ),
  rule("TWILIO_(?:ACCOUNT_)?SID|TWILIO_ACCOUNT_ID", (given, name) => `AC${secret(given, name, 32)}`),
  rule(
    String.raw`(?:\w+_)?AWS_ACCESS_KEY(?:_ID)?|S3_ACCESS_KEY(?:_ID)?`,
    (given, name) => `AKIA${secret(given, name, 16).toUpperCase()}`,
  ),
  rule(String.raw`(?:\w+_)?DSN`, () => null),
  rule(
    String.raw`(?!MAX_|MIN_|NUM_|TOTAL_)(?:\w+_)?(?:SECRET|KEY|TOKEN|PASSWORD|PASS|SALT|PEPPER)S?(?:_BASE|_KEY|_BASE64)?`,
    (given, name) => secret(given, name),
  ),
];

const addressRules: readonly Rule[] = [
  rule("HOST|HOSTNAME|LISTEN_HOST|BIND(?:_HOST|_ADDRESS)?|LISTEN_ADDRESS", () => "127.0.0.1"),
  rule(
    "(?:(?:NEXT_)?PUBLIC_|VITE_|REACT_APP_)?(?:APP|BASE|SITE|WEB|WEBSITE|CLIENT|FRONTEND|FRONT_END|BACKEND|SERVER|API|HOST|PUBLIC|NEXTAUTH|AUTH|SELF|DOMAIN|APP_BASE|API_BASE|EXTERNAL)_?(?:URL|URI|ORIGIN)",
    (given) => given.url,
  ),
  rule("ORIGIN|CORS_?(?:ORIGINS?|URLS?)|(?:CORS_)?ALLOWED_ORIGINS?|APP_URL|URL", (given) => given.url),
  rule(String.raw`(?:\w+_)?REGION`, () => "us-east-1"),
  rule(String.raw`(?:\w+_)?BUCKET(?:_NAME)?`, () => "lab-bucket"),
];

/** Names of the services that the lab gives: theirs whatever the app's default is. */
export const backingRules: readonly Rule[] = [...databaseRules, ...redisRules, ...bucketRules, ...mailRules];
/** Names of secrets and addresses: made up, unless the app's own example or default shows that a number or a switch is meant. */
export const plainRules: readonly Rule[] = [...secretRules, ...addressRules];
