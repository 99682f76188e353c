/** The tables of the README that are made from the registry, so that they cannot go stale. */
import type { Component } from "../components/component.ts";

/** Everything between these two lines is generated. */
const region = /(<!-- components:begin[^\n]*-->\n)[\s\S]*?(<!-- components:end -->)/;

/** The README with its component table as it should be. */
export function withTables(readme: string, components: readonly Component[]): string {
  return readme.replace(region, (_, begin: string, end: string) => `${begin}\n${componentTable(components)}\n${end}`);
}

function componentTable(components: readonly Component[]): string {
  const rows = components.map((component) => {
    const { title, rules, experiments } = component;
    const named = rules.map((rule) => `\`${rule.id}\``).join("<br>");
    const tried = experiments.map((experiment) => experiment.title).join("<br>");
    const untried =
      component.recipe === undefined ? "nothing yet: it finds and explains" : "builds and boots as before";
    return `| ${title} | ${named} | ${tried === "" ? untried : tried} |`;
  });
  return ["| component | rules | what the lab tries |", "|---|---|---|", ...rows, ""].join("\n");
}
