/** Whether the app already bounds its outside calls. */
import { clientOf as libraryClientOf } from "../../analyzers/libraries/index.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Presence } from "../component.ts";
import { clientOf } from "./http-clients.ts";
import { waysTo } from "./reached.ts";

const bounds = ["timeout", "signal", "connectionTimeout", "socketTimeout"];

/** In effect when the calls or clients that requests and jobs reach carry a bound. */
export function presence(model: Model): Presence {
  const evidence = model.uses.flatMap((use) => {
    const outward = clientOf(use) !== null || libraryClientOf(`${use.api}()`) !== null || use.package === "nodemailer";
    if (!outward) return [];
    const bound = use.call.args.flatMap((arg) =>
      arg.kind === "object" ? bounds.filter((key) => key in arg.entries) : [],
    )[0];
    if (bound === undefined) return [];
    const calls = model.usesOn(use.call).map(({ call }) => call);
    const reached = [use.call, ...calls].some((call) => waysTo(call, model).length > 0);
    return reached ? [{ file: use.call.file, line: use.call.line, note: `sets \`${bound}\`` }] : [];
  });
  return { status: evidence.length > 0 ? "in_effect" : "absent", evidence };
}
