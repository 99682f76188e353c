/** Which limiter a route gets: one the app has made already, or one of the new module. */
import { posix } from "node:path";
import { expressApps } from "../../analyzers/serving/express-apps.ts";
import { instancesOf } from "../../analyzers/state/instances.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import { newFile } from "../../patches/new-file.ts";

export type LimiterKind = "auth" | "code" | "expensive";

/** An exported limiter: where it stands and what it is called there (`default` and `*` as exports are named). */
export interface Limiter {
  file: string;
  exported: string;
  local: string;
  isNew: boolean;
}

/** How the authors of apps name a limiter of each kind. */
const ownNames: Readonly<Record<LimiterKind, RegExp>> = {
  auth: /auth|log_?in|sign_?in|credential|brute/i,
  code: /sign_?up|register|otp|code|reset|forgot|auth/i,
  expensive: /^ai|expensive|heavy|costly|llm|generat|checkout|payment/i,
};

/** Finds a limiter per kind; those that are new stand together in one file. */
export function limiterChooser(model: Model, service: Service): (kind: LimiterKind) => Limiter {
  const existing = instancesOf(model, ["express-rate-limit:", "express-rate-limit:rateLimit"]).filter(
    ({ file }) => model.service(file)?.root === service.root,
  );
  const file = newFile(model.repo, folderFor(model, service), "rate-limit", besideOf(model, service));
  return (kind) => {
    const own = existing.find(({ exported, local }) => exported !== null && ownNames[kind].test(local ?? exported));
    if (own?.exported)
      return { file: own.file, exported: own.exported, local: own.local ?? own.exported, isNew: false };
    return { file, exported: `${kind}Limiter`, local: `${kind}Limiter`, isNew: true };
  };
}

/** Among the app's middleware where it has a folder for it, else beside the app. */
function folderFor(model: Model, service: Service): string {
  const folders = serverFiles(model, service)
    .filter((file) => model.service(file)?.root === service.root)
    .map((file) => posix.dirname(file))
    .filter((folder) => /(^|\/)middlewares?$/i.test(folder));
  const [shortest] = folders.sort((a, b) => a.length - b.length || a.localeCompare(b));
  return shortest ?? posix.dirname(besideOf(model, service));
}

function besideOf(model: Model, service: Service): string {
  return expressApps(model, service)[0]?.creation.file ?? service.entry[0] ?? `${service.root}/index.js`;
}
