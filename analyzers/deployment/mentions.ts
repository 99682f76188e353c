/** What the files around an app speak of: tools that are put beside or around it without a line of its code. */
import { posix } from "node:path";
import type { Place } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import { lineHolding } from "../services/manifest.ts";

const deployment =
  /(^|\/)((Docker|Contain)file[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml|Procfile\w*|ecosystem[\w.-]*|[\w.-]+\.service|app\.ya?ml|fly\.toml|render\.ya?ml|railway\.\w+|[\w.-]+\.tf|values[\w.-]*\.ya?ml|package\.json|[\w-]+\.sh)$|(^|\/)(k8s|kubernetes|kube|manifests|deploy|deployment|helm|charts?|infra|ops|monitoring)\/.*\.(ya?ml|json|tf)$/i;

/** The first file of the deployment that speaks of it; null when none does. Settings examples count by their names alone. */
export function mentionOf(repo: Repo, pattern: RegExp): Place | null {
  for (const file of repo.files) {
    const isExample = /^\.?env[\w.-]*$|\.env$/.test(posix.basename(file));
    if (!deployment.test(file) && !isExample) continue;
    const text = uncommented(repo.read(file) ?? "");
    if (pattern.test(text)) return { file, line: lineHolding(text, pattern) };
  }
  return null;
}

/** What is commented out is not there; the lines keep their places. */
function uncommented(text: string): string {
  return text.replace(/^[^\S\n]*#.*$/gm, "");
}
