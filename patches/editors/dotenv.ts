/** Environment example files: every variable that generated code reads is named there. */
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Edit, EnvVar } from "../edit.ts";

/** The names a root folder's example file goes by, most usual first. */
const names = [".env.example", ".env.sample", ".env.template", ".env.dist", "example.env", "env.example"];

/** The example file in the service's folder; null when there is none. */
function exampleFile(repo: Repo, root: string): string | null {
  const inRoot = (name: string): string => (root === "." || root === "" ? name : `${root}/${name}`);
  return names.map(inRoot).find((name) => repo.has(name)) ?? null;
}

/**
 * Names each setting with its note above it, unless the file has the name already; an app without such a file is told of its
 * settings elsewhere. All are optional, so they stand there as
 * comments: apps that ask for every variable of this file at the start (dotenv-safe) still start without them.
 */
export function addEnv(repo: Repo, root: string, variables: readonly EnvVar[]): Edit[] {
  const file = exampleFile(repo, root);
  if (file === null || variables.length === 0) return [];
  const lines = variables.map(({ name, example, note }) => ({ key: name, text: `# ${note}\n# ${name}=${example}` }));
  return [{ kind: "lines", file, lines }];
}
