/** The setting from which Prisma reads a Postgres address. */
import type { Repo } from "../repo/repo.ts";

/** `DATABASE_URL` for `url = env("DATABASE_URL")` in a schema for Postgres at or below the folder; null when none says so. */
export function prismaAddress(repo: Repo, root: string): string | null {
  const schemas = repo.files.filter(
    (file) => file.endsWith(".prisma") && (root === "." || file.startsWith(`${root}/`)),
  );
  for (const file of schemas) {
    const source = /datasource\s+\w+\s*\{([^}]*)\}/.exec(repo.read(file) ?? "")?.[1] ?? "";
    if (!/provider\s*=\s*"postgres(ql)?"/.test(source)) continue;
    const name = /\burl\s*=\s*env\("(\w+)"\)/.exec(source)?.[1];
    if (name !== undefined) return name;
  }
  return null;
}
