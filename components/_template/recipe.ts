/** Names the Node.js version in package.json, with a file that version managers read. */
import type { Model } from "../../analyzers/model.ts";
import { fill } from "../../patches/fill.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";

/** Long-term support until April 2028. */
const nodeMajor = "24";

export function recipe(findings: readonly Finding[], _model: Model, templates: Templates): Draft {
  return {
    edits: findings.flatMap(({ file }) => [
      { kind: "json", file, path: ["engines", "node"], value: `>=${nodeMajor}` },
      { kind: "create", file: file.replace(/[^/]*$/, ".nvmrc"), text: fill(templates("nvmrc"), { MAJOR: nodeMajor }) },
    ]),
    briefs: [],
    fixes: findings.map(({ id }) => id),
    review: { level: "glance", reason: "Two lines that say what is used already." },
    services: [],
    env: [],
    notes: [],
  };
}
