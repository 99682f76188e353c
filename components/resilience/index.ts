/** Resilience: a slow or failing service outside does not take the app with it. */
import { defineComponent } from "../component.ts";
import { detect } from "./detect.ts";
import { experiments } from "./experiments.ts";
import { presence } from "./presence.ts";
import { whenQuiet } from "./quiet.ts";
import { recipe } from "./recipe.ts";
import { rules } from "./rules.ts";

export const resilience = defineComponent({
  id: "resilience",
  title: "Resilience",
  folder: import.meta.dirname,
  judgesPython: "whole",
  rules,
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments,
});
