/** Whether an upload parser holds whole files in memory without a limit to their size. */
import type { Known, Model, Use } from "../../analyzers/model.ts";

/** Files that go to a disk are the object-storage component's matter. */
export function keepsInMemory(use: Use, model: Model): boolean {
  const shared = isInterceptor(use) ? moduleOptions(model) : [];
  if (shared.some((each) => mayHold(each, ["limits"]))) return false;
  const options = use.call.args[optionsAt(use)];
  if (options !== undefined && (options.kind !== "object" || options.open)) return false;
  const limits = option(options, "limits");
  const hasSize =
    limits !== null && (limits.kind !== "object" || limits.open || limits.entries["fileSize"] !== undefined);
  const isElsewhere = option(options, "storage") === null && shared.some((each) => mayHold(each, ["dest", "storage"]));
  return !hasSize && !isElsewhere && isInMemory(use, options) && !takesNoFiles(use, model);
}

/** Nest's interceptors hand their options to multer; a module may have set others for those beside it. */
const INTERCEPTOR = /^@nestjs\/platform-express:(\w+)Interceptor$/;

function moduleOptions(model: Model): (Known | undefined)[] {
  return model.usesOf("@nestjs/platform-express:MulterModule.**").map(({ call }) => call.args[0]);
}

function mayHold(options: Known | undefined, keys: readonly string[]): boolean {
  if (options === undefined) return false;
  return (
    options.kind !== "object" ||
    options.open ||
    [...keys, "useFactory", "useClass", "useExisting"].some((key) => option(options, key) !== null)
  );
}

function isInterceptor({ api }: Use): boolean {
  return INTERCEPTOR.test(api);
}

/** Behind the field's name, the fields' list or the most files. */
function optionsAt({ api, call }: Use): number {
  const kind = INTERCEPTOR.exec(api)?.[1];
  if (kind === undefined || kind === "AnyFiles") return 0;
  return kind === "Files" && call.args[1]?.kind === "literal" ? 2 : 1;
}

function isInMemory({ api }: Use, options: Known | undefined): boolean {
  if (api.startsWith("express-fileupload")) return option(options, "useTempFiles") === null;
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
