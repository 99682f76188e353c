/** The logger an app already has, for the code that recipes add to it. */
import { instancesOf } from "../analyzers/state/instances.ts";
import type { Model, Service } from "../analyzers/model.ts";
import type { Export } from "../patches/editors/import-of.ts";

export interface AppLogger extends Export {
  /** `object-first`: `logger.error({ err }, "message")`; `message-first`: `logger.error("message", error)`. */
  form: "object-first" | "message-first";
}

/** The logger that other modules of the service can import; null when it has none that is made once and exported. */
export function appLogger(model: Model, service: Service): AppLogger | null {
  const made = instancesOf(model, ["pino:", "pino:pino", "bunyan:createLogger", "winston:createLogger"]);
  for (const { api, file, exported, local } of made) {
    if (exported === null || model.service(file)?.root !== service.root) continue;
    const form = api.startsWith("winston:") ? "message-first" : "object-first";
    return { file, exported, local: local ?? "logger", form };
  }
  return null;
}
