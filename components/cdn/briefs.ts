/** What the coding agent is told where the recipe must not edit. */
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

const words: Readonly<Record<string, Pick<Brief, "why" | "constraints" | "acceptance">>> = {
  "cdn/static-without-cache-headers": {
    why: "Which of the files change under the same name is not in the code.",
    constraints: [
      "Names with a fingerprint of the content: `public, max-age=31536000, immutable`. Pages: `no-cache`. Others: some minutes.",
      "What only some users may see: `private`, or nothing at all.",
    ],
    acceptance:
      "On a second visit no file with a fingerprint in its name is asked for again, and a new page shows at once.",
  },
  "cdn/static-served-by-app": {
    why: "A network before the app is set up where its domain is, not in the code.",
    constraints: [
      "First the files say how long they may be kept; then Cloudflare's free plan, or the host's own CDN, before the app.",
      "Answers that set cookies or need a login are never kept by it.",
      "Or the files of the front end go to a static host, and the app keeps its API.",
    ],
    acceptance:
      "The network's answers say `HIT` for files on the second request; pages behind a login are never a hit.",
  },
  "cdn/no-compression": {
    why: "The packer could not be put in.",
    constraints: [
      "It comes before all routes and leaves event streams alone.",
      "A proxy before the app that packs is as good: `gzip on` with its types in nginx, `encode` in Caddy.",
    ],
    acceptance:
      "Answers of JSON and pages over a kilobyte carry `Content-Encoding`; streamed answers still arrive piece by piece.",
  },
};

export function briefFor({ id, file, line, rule }: Finding, cannot: string | null): Brief {
  const known = words[rule];
  return {
    findingId: id,
    where: { file, line },
    why: cannot === null ? (known?.why ?? "") : `Nothing was written because ${cannot}.`,
    constraints: known?.constraints ?? [],
    acceptance: known?.acceptance ?? "",
  };
}
