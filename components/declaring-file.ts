/** The file that declares a service, where what is missing from it is reported. */
import { posix } from "node:path";
import type { Model, Service } from "../analyzers/model.ts";

/** package.json, or what stands in its place in Python. */
export function declaringFile(service: Service, { repo }: Pick<Model, "repo">): string {
  const names =
    service.language === "python"
      ? ["pyproject.toml", "requirements.txt", "Pipfile", "manage.py", "setup.py"]
      : ["package.json"];
  const files = names.map((name) => posix.join(service.root, name));
  return files.find((file) => repo.has(file)) ?? service.entry[0] ?? files[0] ?? service.root;
}
