/** The lab's own certificate authority: signs for every host an app may call, trusted by the app alone. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { authorityExtensions, certificate, serverExtensions } from "./der.ts";

export interface Authority {
  /** File with the authority's certificate, for NODE_EXTRA_CA_CERTS. */
  file: string;
  /** Certificate and key for these host names and addresses, PEM. */
  issue(hosts: readonly string[]): { cert: string; key: string };
  /** The TLS context for one host name; made once per name. */
  contextFor(host: string): SecureContext;
}

const day = 86_400_000;
/** Contexts kept; an app that calls more hosts than this gets the oldest made again. */
const capacity = 500;
const issuer = "Shoreup lab authority";

/** Makes a new authority and writes its certificate into the folder. The key stays in memory. */
export function makeAuthority(folder: string): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const leaf = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = leaf.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 30 * day) };
  const ownCertificate = certificate(
    {
      serial: randomBytes(12),
      issuer,
      subject: issuer,
      ...validity,
      publicKey: own.publicKey,
      extensions: authorityExtensions(),
    },
    own.privateKey,
  );
  const file = join(folder, "authority.pem");
  writeFileSync(file, ownCertificate);
  const contexts = new Map<string, SecureContext>();

  function issue(hosts: readonly string[]): { cert: string; key: string } {
    const parts = { serial: randomBytes(12), issuer, subject: "Shoreup lab", ...validity, publicKey: leaf.publicKey };
    return { cert: certificate({ ...parts, extensions: serverExtensions(hosts) }, own.privateKey), key };
  }

  function contextFor(host: string): SecureContext {
    const known = contexts.get(host);
    if (known) return known;
    const made = createSecureContext(issue([host]));
    contexts.set(host, made);
    const [oldest] = contexts.keys();
    if (contexts.size > capacity && oldest !== undefined) contexts.delete(oldest);
    return made;
  }

  return { file, issue, contextFor };
}
