/** `components`: what we know, without an app. */
import { z } from "zod";
import type { Component } from "../../components/component.ts";
import { Head, head } from "./tool.ts";

export const Catalogue = Head.extend({
  components: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      writesPatches: z.boolean(),
      services: z.array(z.string()),
      rules: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          severity: z.enum(["error", "warning", "note"]),
          advice: z.string(),
        }),
      ),
      experiments: z.array(z.object({ id: z.string(), title: z.string(), hypothesis: z.string() })),
    }),
  ),
});
export type Catalogue = z.infer<typeof Catalogue>;

export function catalogue(components: readonly Component[]): Catalogue {
  return {
    ...head,
    components: components.map((component) => ({
      id: component.id,
      title: component.title,
      writesPatches: component.recipe !== undefined,
      services: [...component.services],
      rules: component.rules.map((rule) => ({
        id: rule.id,
        title: rule.title,
        severity: rule.severity,
        advice: rule.advice,
      })),
      experiments: component.experiments.map((each) => ({
        id: each.id,
        title: each.title,
        hypothesis: each.hypothesis,
      })),
    })),
  };
}
