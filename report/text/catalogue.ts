/** The list of components and their rules in the terminal. */
import type { Catalogue } from "../answers/catalogue.ts";
import { type Canvas, table } from "./layout.ts";

export function catalogueText({ components }: Catalogue, { paint }: Canvas): string {
  const blocks = components.map(({ id, title, rules, writesPatches, experiments }) =>
    [
      `${paint.bold(id)}  ${title}${writesPatches ? "" : paint.dim(" (advice only)")}`,
      ...table(rules.map((rule) => [`  ${rule.id}`, paint.dim(rule.severity), rule.title])),
      ...experiments.map((each) => paint.dim(`  proof: ${each.title}`)),
    ].join("\n"),
  );
  return `${blocks.join("\n\n")}\n`;
}
