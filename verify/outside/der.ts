/** The little of ASN.1 DER (X.690) and X.509 (RFC 5280) that it takes to write a certificate. */
import { sign, type KeyObject } from "node:crypto";
import { isIP } from "node:net";

/** One element: tag, length, content. */
function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content);
const octets = (content: Uint8Array): Buffer => der(0x04, content);
const yes = der(0x01, Buffer.from([0xff]));

/** An object identifier from its dotted form; parts up to 2^28. */
function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const groups = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

function name(common: string): Buffer {
  return sequence(der(0x31, sequence(oid("2.5.4.3"), der(0x0c, Buffer.from(common)))));
}

function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  return critical ? sequence(oid(id), yes, octets(value)) : sequence(oid(id), octets(value));
}

function ipBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail = ""] = address.split("::");
  const words = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const missing = 8 - words(head).length - words(tail).length;
  const all = [...words(head), ...Array.from({ length: missing }, () => "0"), ...words(tail)];
  return Buffer.from(all.map((word) => word.padStart(4, "0")).join(""), "hex");
}

/** Extensions of an authority: may sign certificates, nothing else. */
export function authorityExtensions(): Buffer[] {
  return [extension("2.5.29.19", true, sequence(yes)), extension("2.5.29.15", true, der(0x03, Buffer.from([1, 0x06])))];
}

/** Extensions of a server's certificate for these host names and addresses. */
export function serverExtensions(hosts: readonly string[]): Buffer[] {
  const names = hosts.map((host) =>
    isIP(host) > 0 ? der(0x87, ipBytes(host)) : der(0x82, Buffer.from(host, "latin1")),
  );
  return [
    extension("2.5.29.19", true, sequence()),
    extension("2.5.29.37", false, sequence(oid("1.3.6.1.5.5.7.3.1"))),
    extension("2.5.29.17", false, sequence(...names)),
  ];
}

export interface CertificateParts {
  serial: Uint8Array;
  issuer: string;
  subject: string;
  notBefore: Date;
  notAfter: Date;
  publicKey: KeyObject;
  extensions: Buffer[];
}

/** A certificate in PEM, signed by ECDSA with SHA-256: the signing key has to be on a P curve. */
export function certificate(parts: CertificateParts, signingKey: KeyObject): string {
  const algorithm = sequence(oid("1.2.840.10045.4.3.2"));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([0x01]), parts.serial),
    algorithm,
    name(parts.issuer),
    sequence(utcTime(parts.notBefore), utcTime(parts.notAfter)),
    name(parts.subject),
    parts.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...parts.extensions)),
  );
  const signature = sign("sha256", body, signingKey);
  const whole = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
