/** Template title: one sentence on what the app has when this part is in place. */
import { defineComponent } from "../component.ts";
import { detect, presence } from "./detect.ts";
import { recipe } from "./recipe.ts";

export const templateComponent = defineComponent({
  id: "_template",
  title: "Template title",
  folder: import.meta.dirname,
  rules: [
    {
      id: "_template/node-version-unnamed",
      title: "The app does not say which Node.js it needs",
      severity: "note",
      advice: "Name the Node.js version in package.json.",
    },
  ],
  services: [],
  presence,
  detect,
  whenQuiet: () => ({
    verdict: "not_applicable",
    reason: "There is no package here that could name a version.",
    tripWire: null,
  }),
  recipe,
  experiments: [],
});
