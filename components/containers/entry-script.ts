/** An entry script of the app's own: a shell that starts the server without `exec` keeps the signal to stop for itself. */
import { posix } from "node:path";
import type { Repo } from "../../analyzers/repo/repo.ts";

const starting = /^([A-Za-z_]+=\S+\s+)*(node|npm|npx|yarn|pnpm|bun|tsx)\b/;
/** Steps before a start. */
const preparing = /\bmigrat|\bseed\b|\b(prisma|drizzle-kit|knex|sequelize|typeorm)\s/;
/** Scripts that see to signals themselves. */
const caring = /\btrap\b|\bwait\b|\bgosu\b|\bsu-exec\b/;

/** The name of such a script among the words of a command; null when none of them is one. */
export function deafScript(words: readonly string[], dockerfile: string, repo: Repo): string | null {
  const folder = posix.dirname(dockerfile);
  const names = words.filter((word) => word.endsWith(".sh")).map((word) => posix.basename(word));
  const script = repo.files.find(
    (file) => names.includes(posix.basename(file)) && (folder === "." || file.startsWith(`${folder}/`)),
  );
  const text = script === undefined ? "" : (repo.read(script) ?? "");
  const lines = text.split("\n").map((line) => line.trim());
  const last = lines.findLast((line) => line !== "" && !line.startsWith("#")) ?? "";
  const isDeaf =
    starting.test(last) &&
    !preparing.test(last) &&
    !caring.test(text) &&
    !lines.some((line) => line.startsWith("exec "));
  return isDeaf && script !== undefined ? posix.basename(script) : null;
}
