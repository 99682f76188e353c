/** Secrets told by the name of a setting and a value that nobody would make up: `SESSION_SECRET=9f2c...`. */
import { isPlaceholder, isVaried, secretsIn } from "./shapes.ts";

const secretName =
  /SECRET|TOKEN|PASSWORD|PASSWD|_PASS$|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY|AUTH_?KEY|ENCRYPTION|CREDENTIALS|SIGNING|^JWT_KEY|_SALT$/i;
/** Names of what browsers get to see anyway, and of settings that only speak of secrets. */
const publicName =
  /PUBLI[CS]|ANON|SITE_?KEY|KEY_?ID|ACCESS_KEY_NAME|CLIENT_?ID|(^|_)(VITE|REACT_APP|GATSBY|VUE_APP)_|POSTHOG|PUSHER|SEARCH|MAPS?_|FIREBASE|ANALYTICS|_(URL|URI|PATH|FILE|TTL|EXPIRY|EXPIRES?(_IN)?|LENGTH|NAME|ALGORITHM|ISSUER|HEADER|LIMIT|ROUNDS|ARN|REGION|ENABLED|PROVIDER)$/i;

/** Whether this setting, by name and value, holds a secret that works somewhere. */
export function isSecretSetting(name: string, value: string): boolean {
  const plain = value.trim().replace(/^(["'])(.*)\1$/, "$2");
  if (isPublicSetting(name)) return false;
  if (secretsIn(plain).length > 0) return true;
  return secretName.test(name) && (looksRandom(plain) || (/PASS/i.test(name) && looksGenerated(plain)));
}

export function isSecretName(name: string): boolean {
  return secretName.test(name) && !isPublicSetting(name);
}

function isPublicSetting(name: string): boolean {
  return publicName.test(name);
}

/** Passwords are shorter than keys: twelve characters of all kinds are what generators and consoles give out. */
function looksGenerated(value: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/];
  return (
    value.length >= 12 && kinds.every((kind) => kind.test(value)) && !/[\s${}<>]/.test(value) && !isPlaceholder(value)
  );
}

/** Long, mixed and without words: what a generator makes (`openssl rand -hex 16` gives 32 characters). */
function looksRandom(value: string): boolean {
  if (value.length < 20 || /[\s${}<>]|:\/\//.test(value) || isPlaceholder(value)) return false;
  return (
    /\d/.test(value) &&
    /[a-z]/i.test(value) &&
    isVaried(value) &&
    !/[a-z]{7,}[-_ ][a-z]{3,}|([a-z]{3,}[-_ ]){2}[a-z]{3,}/i.test(value)
  );
}
