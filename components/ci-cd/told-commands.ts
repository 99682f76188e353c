/** The commands of a README by which a new version is brought to the server, where all of them are of the usual kinds. */
import type { Place } from "../../analyzers/model.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";

/** What such a list is made of; anything else has to be understood by somebody first. */
const usual: readonly RegExp[] = [
  /^cd [\w./~-]+$/,
  /^git pull( --ff-only| --rebase)?( origin [\w./-]+)?$/,
  /^(npm (ci|install|i)|pnpm (install|i)|yarn( install)?)( --[\w=-]+)*$/,
  /^(npm|pnpm|yarn) (run )?(build|migrate|db:migrate|migrate:deploy|migrate:prod|prisma:deploy)$/,
  /^npx prisma (migrate deploy|generate)$/,
  /^(sudo )?pm2 (restart|reload|startOrReload|startOrRestart) [\w./-]+( --update-env| --env \w+)*$/,
  /^(sudo )?systemctl restart [\w@.-]+$/,
  /^(sudo )?docker([ -])compose( -f [\w./-]+)*( up)( -d| --detach| --build| --remove-orphans| --wait)+$/,
  /^(sudo )?docker([ -])compose( -f [\w./-]+)* (pull|build)( [\w-]+)*$/,
];
const fetching = /^git pull\b/;
const starting = /\b(pm2|systemctl)\s+(restart|reload|startOr)|compose\b.* up\b/;
const reaching = /^ssh [\w.@<>{}$-]+$/;

/** Null where the list that holds the place has another command, fetches nothing, or does not end with the start. */
export function toldCommands({ file, line }: Place, repo: Repo): string[] | null {
  const lines = (repo.read(file) ?? "").split(/\r?\n/);
  const open = lines.findLastIndex((text, index) => index < line - 1 && text.startsWith("```"));
  const close = lines.findIndex((text, index) => index >= line && text.startsWith("```"));
  if (open < 0 || close < 0) return null;
  const commands = lines
    .slice(open + 1, close)
    .map((text) =>
      text
        .trim()
        .replace(/^\$\s+/, "")
        .replace(/\s+#\s.*$/, ""),
    )
    .filter((text) => text !== "" && !text.startsWith("#"));
  const own = reaching.test(commands[0] ?? "") ? commands.slice(1) : commands;
  const parts = own.flatMap((text) => text.split(/\s*&&\s*/));
  const areUsual = parts.every((text) => usual.some((each) => each.test(text)));
  const isWhole =
    parts[0]?.startsWith("cd ") === true &&
    parts.some((text) => fetching.test(text)) &&
    starting.test(parts.at(-1) ?? "");
  return areUsual && isWhole ? parts : null;
}
