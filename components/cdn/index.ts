/** CDN: files travel packed, from near the users, and only once. */
import { defineComponent } from "../component.ts";
import { detect } from "./detect.ts";
import { experiments } from "./experiments.ts";
import { recipe } from "./recipe.ts";
import { presence, whenQuiet } from "./presence.ts";

export const cdn = defineComponent({
  id: "cdn",
  title: "CDN and cache headers",
  folder: import.meta.dirname,
  rules: [
    {
      id: "cdn/static-without-cache-headers",
      title: "Browsers ask for every file again on every visit",
      severity: "warning",
      advice: "Files whose names change with their content: `immutable` and a year. Others: some minutes. Pages: none.",
    },
    {
      id: "cdn/static-served-by-app",
      title: "Files come from the app's own process",
      severity: "note",
      advice:
        "Put a CDN in front (Cloudflare's free plan takes a quarter of an hour), once the files say how long they may be kept.",
    },
    {
      id: "cdn/no-compression",
      title: "Answers go out unpacked",
      severity: "note",
      advice: "Let the proxy or the CDN pack them; without one, use the `compression` middleware before all routes.",
    },
  ],
  notesAreAsides: true,
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments,
});
