/** Reads a component's own template files, and fills in what differs from app to app. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** A reader of `<folder>/templates/<name>`. Throws when there is no such template: a bug of the component. */
export function templatesOf(folder: string): (name: string) => string {
  return (name) => {
    if (name.split("/").includes("..")) throw new Error(`Template names stay in their folder: ${name}`);
    try {
      return readFileSync(join(folder, "templates", name), "utf8");
    } catch (cause) {
      throw new Error(`The component ${basename(folder)} has no template ${name}`, { cause });
    }
  };
}
