/** Environment example files: every variable that generated code reads is named there. */
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Edit, EnvVar } from "../edit.ts";

/** The names a root folder's example file goes by, most usual first. */
const names = [".env.example", ".env.sample", ".env.template", ".env.dist", "example.env", "env.example"];

/** The example file in the service's folder, `.env.example` when there is none yet. */
export function exampleFile(repo: Repo, root: string): string {
  const inRoot = (name: string): string => (root === "." || root === "" ? name : `${root}/${name}`);
  return inRoot(names.find((name) => repo.has(inRoot(name))) ?? ".env.example");
}

/**
 * Names each setting with its note above it, unless the file has the name already. All are optional, so they stand there as
 * comments: apps that ask for every variable of this file at the start (dotenv-safe) still start without them.
 */
export function addEnv(repo: Repo, root: string, variables: readonly EnvVar[]): Edit[] {
  if (variables.length === 0) return [];
  const lines = variables.map(({ name, example, note }) => ({ key: name, text: `# ${note}\n# ${name}=${example}` }));
  return [{ kind: "lines", file: exampleFile(repo, root), lines }];
}
