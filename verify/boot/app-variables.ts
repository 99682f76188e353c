/** The variables that turn a Node process into one of the lab's: its preload, its trust, its home. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pathWithManagers } from "../workspace/managers.ts";

export interface OutsidePorts {
  web: number;
  mail: number;
  mailTls: number;
}

interface Place {
  folder: string;
  authority: { file: string };
}

/** A path as NODE_OPTIONS wants it: quoted, with its own quotes and backslashes escaped. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

export interface Preload {
  ports: OutsidePorts;
  /** Ports that the code fixes -> the replica's own. */
  listen: Record<string, number>;
  /** Where the preload writes down what each process does: `<pid> hello`, `<pid> listen <port>`, `<pid> outside <host>:<port>`. */
  report: string;
}

/** The variables for one process of the app. */
export function appVariables(place: Place, settings: Preload): Record<string, string> {
  const { ports, listen, report } = settings;
  const preload = fileURLToPath(new URL("../outside/redirect.cjs", import.meta.url));
  const home = join(place.folder, "home");
  return {
    PATH: pathWithManagers(place.folder),
    HOME: home,
    TMPDIR: home,
    LANG: "C.UTF-8",
    NODE_OPTIONS: `--require ${quoted(preload)}`,
    NODE_EXTRA_CA_CERTS: place.authority.file,
    SHOREUP_OUTSIDE: JSON.stringify({ ...ports, listen, report }),
    npm_config_update_notifier: "false",
    PRISMA_HIDE_UPDATE_MESSAGE: "true",
    CHECKPOINT_DISABLE: "1",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}
