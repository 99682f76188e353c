/** Which limiter a route gets: one the app has made already, or one of the new module. */
import { instancesOf } from "../../analyzers/state/instances.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { middlewareFile } from "../middleware-folder.ts";

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
  const file = middlewareFile(model, service, "rate-limit");
  return (kind) => {
    const own = existing.find(({ exported, local }) => exported !== null && ownNames[kind].test(local ?? exported));
    if (own?.exported)
      return { file: own.file, exported: own.exported, local: own.local ?? own.exported, isNew: false };
    return { file, exported: `${kind}Limiter`, local: `${kind}Limiter`, isNew: true };
  };
}
