/** A text fit to leave the machine: whatever may be a secret in it is named instead of shown. */
import { isSecretName, isSecretSetting } from "./settings.ts";
import { withoutShapes } from "./shapes.ts";

/** A key whose beginning alone the shapes know: all of its lines go. */
const keyBlock = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
/** The password in any address, also of machines that only the author can reach. */
const addressPassword = /(\b[a-z][a-z+]*:\/\/[^\s:@/"'`]*:)([^\s@/"'`${}]+)(@)/gi;
/** `name = "value"`, `name: "value"`, `"name": "value"`, `process.env.NAME || "value"`. */
const quotedValue = /(["'`]?)([A-Za-z_][\w.-]*)\1(\s*(?:[:=]|\|\||\?\?)\s*)(["'`])((?:(?!\4)[^\\\n])+)\4/g;
/** `NAME=value` as settings files and shells have it; what is computed stays. */
const plainValue = /^(\s*(?:export\s+|ENV\s+|ARG\s+|-\s+)?)([A-Z][A-Z0-9_]*)(\s*[=:]\s*)([^\s"'`(){};,$]+)\s*$/gm;

/** Errs on the side of leaving out; the lines of the text stay what they are in number and order. */
export function withoutSecrets(text: string): string {
  return withoutShapes(text.replace(keyBlock, (block) => sameLines("[a private key]", block)))
    .replace(addressPassword, "$1[a password]$3")
    .replace(quotedValue, (whole, quote: string, name: string, between: string, mark: string, value: string) =>
      isSecretSetting(lastName(name), value) || (isSecretName(lastName(name)) && /^[^\s/]{8,}$/.test(value))
        ? `${quote}${name}${quote}${between}${mark}[a secret]${mark}`
        : whole,
    )
    .replace(plainValue, (whole, before: string, name: string, between: string) =>
      isSecretName(name) ? `${before}${name}${between}[a secret]` : whole,
    );
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function sameLines(word: string, block: string): string {
  return word + "\n".repeat(block.split("\n").length - 1);
}
