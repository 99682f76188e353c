/** Looks for uploads of any size that go to a disk or to a storage service; those held in memory are the gateway's matter. */
import type { Model } from "../../analyzers/model.ts";
import { adviceOnCall } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { isLimitable } from "./limit-size.ts";
import { receiversOf, type Receiver } from "./receivers.ts";

export function unlimitedUploads(model: Model): Match[] {
  return receiversOf(model).flatMap((receiver) => {
    const { call, use, to, isLimited, routes, audience } = receiver;
    if (isLimited !== false || to === "memory" || isGuarded(model, receiver)) return [];
    const room = to === "elsewhere" ? "the storage and its bill" : "the disk";
    return [
      adviceOnCall("object-storage/upload-no-size-limit", call, {
        confidence: confidenceOf(receiver),
        message: `${audience === "anyone" ? "Anyone" : "A user"} can send files of any size${use.api.startsWith("formidable") ? " up to formidable's 200 MB" : ""}: a few fill ${room}, and everybody waits for the upload to end.`,
        routes: routes.map(({ method, path }) => `${method} ${path}`),
        anchor: use.api,
        fix: isLimitable(model, call, use.api) ? "patch" : "brief",
      }),
    ];
  });
}

/** The handler counts the bytes itself: busboy's `limit` event, a sum in a `data` listener, `content-length`. */
function isGuarded(model: Model, { call, to }: Receiver): boolean {
  if (to !== "unknown") return false;
  const text = model.repo.read(call.file) ?? "";
  return /fileSize|["'`]limit["'`]|content-length|max_?(file_?)?size|maxBytes/i.test(text);
}

function confidenceOf({ audience, use, to }: Receiver): Confidence {
  if (audience === null || audience === "staff" || to === "unknown") return "low";
  if (use.api.startsWith("formidable")) return "medium";
  return audience === "anyone" ? "high" : "medium";
}
