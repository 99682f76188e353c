/** Tells one state of Shoreup's own code from another, in a checkout as in an installed package. */
import { hash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const home = resolve(import.meta.dirname, "../..");
/** What an assessment comes from. */
const folders = ["analyzers", "components", "patches", "report"];
/** Code of the samples that tests run on, by thousands: it takes no part. */
const samples = new Set(["fixtures", "templates", "testing", "node_modules"]);

/** The code that runs is the code that was there when it was first asked for. */
let state: string | null = null;

/** Another text whenever a file of the code was changed, added or taken away: by names, sizes and times, unread. */
export function ownCode(): string {
  state ??= stateOf(filesBelow(folders.map((folder) => join(home, folder))));
  return state;
}

function filesBelow(pending: string[]): string[] {
  const files: string[] = [];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !samples.has(entry.name)) pending.push(path);
      else if (/\.[jt]s$/.test(entry.name)) files.push(path);
    }
  }
  return files.sort();
}

function stateOf(files: readonly string[]): string {
  const states = files.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return `${file} ${size} ${mtimeMs}`;
  });
  return hash("sha1", states.join("\n"), "base64url");
}
