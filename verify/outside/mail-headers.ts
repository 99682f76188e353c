/** Reads the two headers of a mail that the lab looks at. */

/** One header's value, unfolded; null when it is not there. */
function header(head: string, name: string): string | null {
  const found = new RegExp(`^${name}:[ \\t]*((?:.*(?:\\r?\\n[ \\t])?)*)`, "im").exec(head)?.[1];
  return found === undefined ? null : found.replaceAll(/\r?\n[ \t]+/g, " ").trim();
}

/** Encoded words (RFC 2047) in their plain form. */
function decodeWords(text: string): string {
  return text.replaceAll(
    /=\?([\w-]+)\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?/gi,
    (whole, _set: string, kind: string, coded: string) => {
      if (kind.toLowerCase() === "b") return Buffer.from(coded, "base64").toString("utf8");
      const bytes = coded
        .replaceAll("_", " ")
        .replaceAll(/=([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      return whole === "" ? whole : Buffer.from(bytes, "latin1").toString("utf8");
    },
  );
}

/** Subject and Message-ID out of the beginning of a message. */
export function readHeaders(message: Buffer): { subject: string; messageId: string | null } {
  const text = message.toString("utf8");
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const head = text.slice(0, end);
  return { subject: decodeWords(header(head, "subject") ?? ""), messageId: header(head, "message-id") };
}
