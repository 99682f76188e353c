/** Passport: under which name a package's strategy is known, and whether a request runs it at once or only on its way back. */

/** Packages whose strategies are not named after them. */
const NAMES: Readonly<Record<string, string>> = {
  "passport-google-oauth20": "google",
  "passport-google-oauth2": "google",
  "passport-google-oauth": "google",
  "passport-github2": "github",
  "passport-gitlab2": "gitlab",
  "passport-http-bearer": "bearer",
  "passport-http": "basic",
  "passport-linkedin-oauth2": "linkedin",
  "passport-twitter-oauth2": "twitter",
  "passport-microsoft": "microsoft",
  "passport-magic-login": "magiclogin",
  "passport-headerapikey": "headerapikey",
  "passport-ldapauth": "ldapauth",
  "@nestjs/passport": "",
};

/** Strategies that decide on the request itself; others send the user away first and decide when they come back. */
const DIRECT: ReadonlySet<string> = new Set(
  "local jwt bearer basic digest custom headerapikey ldapauth magiclogin anonymous token api-key apikey".split(" "),
);

/** `jwt` of `passport-jwt:Strategy`; null for what is no strategy. */
export function strategyName(api: string): string | null {
  const [specifier = ""] = api.split(":");
  const known = NAMES[specifier];
  if (known !== undefined) return known === "" ? null : known;
  return specifier.startsWith("passport-") ? specifier.slice("passport-".length) : null;
}

/** True when every request that names the strategy runs its check; false where only the way back does. */
export function isDirect(strategy: string): boolean {
  return DIRECT.has(strategy);
}

/** Calls that make a request pass a strategy, named by their first argument. */
export const AUTHENTICATING: ReadonlySet<string> = new Set(["passport:authenticate()", "@nestjs/passport:AuthGuard()"]);
