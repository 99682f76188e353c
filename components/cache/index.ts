/** Cache: what is the same for everybody is made once, and kept for as long as it is true. */
import { defineComponent } from "../component.ts";
import { detect } from "./detect.ts";
import { experiments } from "./experiments.ts";
import { presence, whenQuiet } from "./presence.ts";
import { recipe } from "./recipe.ts";

export const cache = defineComponent({
  id: "cache",
  title: "Cache",
  folder: import.meta.dirname,
  rules: [
    {
      id: "cache/hot-read-uncached",
      title: "A page that is the same for everybody is made anew for each visitor",
      severity: "note",
      advice:
        "Make the queries cheap first; then let the answer be kept for a minute, by a Cache-Control header where a CDN stands before the app, or in the process.",
    },
    {
      id: "cache/external-call-on-every-request",
      title: "Another service is asked the same question by every request",
      severity: "warning",
      advice:
        "Keep its answer for as long as it is good (an hour for exchange rates, a minute for content), and serve the old one while it cannot be reached.",
    },
    {
      id: "cache/unbounded-cache",
      title: "A store in memory grows without end",
      severity: "warning",
      advice:
        "Give it a greatest number of entries and an age, as `lru-cache` has, or keep it where entries can expire.",
    },
  ],
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments,
});
