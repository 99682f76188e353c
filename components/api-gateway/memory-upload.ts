/** Whether an upload parser holds whole files in memory without a limit to their size. */
import type { Known, Model, Use } from "../../analyzers/model.ts";

/** Files that go to a disk are the object-storage component's matter. */
export function keepsInMemory(use: Use, model: Model): boolean {
  const [options] = use.call.args;
  if (options !== undefined && (options.kind !== "object" || options.open)) return false;
  const limits = option(options, "limits");
  const hasSize =
    limits !== null && (limits.kind !== "object" || limits.open || limits.entries["fileSize"] !== undefined);
  return !hasSize && isInMemory(use, options) && !takesNoFiles(use, model);
}

function isInMemory({ api }: Use, options: Known | undefined): boolean {
  if (!/multer:/.test(api)) return option(options, "useTempFiles") === null;
  const storage = option(options, "storage");
  if (storage === null) return option(options, "dest") === null;
  return storage.kind === "external" && /multer:memoryStorage/.test(storage.api);
}

/** `multer().none()` refuses files. */
function takesNoFiles({ api, call }: Use, model: Model): boolean {
  const hanging = model.usesOn(call).filter(({ api: on }) => on.startsWith(`${api}()`));
  return hanging.length > 0 && hanging.every(({ api: on }) => on.endsWith(".none"));
}

/** An option written in an object literal, null when it is not there. */
export function option(options: Known | undefined, key: string): Known | null {
  return options?.kind === "object" ? (options.entries[key] ?? null) : null;
}
