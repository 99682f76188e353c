/** CI/CD: every change is installed, checked, tested and built before it ships. */
import { defineComponent } from "../component.ts";
import { detect, presence } from "./detect.ts";
import { recipe } from "./recipe.ts";
import { rules } from "./rules.ts";

export const ciCd = defineComponent({
  id: "ci-cd",
  title: "CI/CD",
  folder: import.meta.dirname,
  judgesPython: "whole",
  rules,
  services: [],
  presence,
  detect,
  whenQuiet: (model) =>
    model.services.length === 0
      ? { verdict: "not_applicable", reason: "There is no package to build or test here.", tripWire: null }
      : {
          verdict: "unknown",
          reason: "A pipeline is there, but none of its steps could be recognised as a test, lint or build.",
          tripWire: null,
        },
  recipe,
  experiments: [],
});
