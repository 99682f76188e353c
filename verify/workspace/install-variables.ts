/** What a package manager sees of this machine when it works for an app. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../boot/lab.ts";
import { packageSettings } from "../boot/machine.ts";
import { pathWithManagers } from "./managers.ts";

/** A home of the lab's own, the machine's package settings without its secrets, and nothing else. */
export async function installVariables(lab: Lab): Promise<Record<string, string>> {
  const home = join(lab.folder, "home");
  mkdirSync(home, { recursive: true });
  return {
    ...(await packageSettings()),
    PATH: pathWithManagers(lab.folder),
    HOME: home,
    TMPDIR: home,
    LANG: "C.UTF-8",
    CI: "true",
    npm_config_update_notifier: "false",
  };
}
