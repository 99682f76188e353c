/** Looks for users' files that are left on the disk of one machine. */
import { callsIn, withInner } from "../../analyzers/code/calls-in.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { diskOf } from "../../analyzers/deployment/disk.ts";
import type { CallSite, Fn, Model, Route, Use } from "../../analyzers/model.ts";
import { adviceOnCall, inWords, placesOf, waysOf } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { fateOf, lowered } from "./fate.ts";
import { isSending } from "./sending.ts";
import { fixFor } from "./move/plan.ts";
import { servedFolder } from "./served.ts";
import { diskStorages } from "./move/upload-folders.ts";
import { movingCalls } from "./moving.ts";
import { pathOf } from "./paths.ts";
import { handlingOf, receiversOf, type Receiver } from "./receivers.ts";

const rule = "object-storage/upload-to-local-disk";

export function localUploads(model: Model): Match[] {
  return [
    ...receiversOf(model)
      .filter(({ to }) => to === "disk")
      .flatMap((receiver) => received(model, receiver)),
    ...moved(model),
  ];
}

/** One per parser that writes to the disk, unless the file only passes through. */
function received(model: Model, receiver: Receiver): Match[] {
  const { call, use, routes } = receiver;
  const code = `${textOf(model, call)} ${destinationText(model, call)}`;
  if (isTemporary(code) || (!isMulter(use) && !isFormWithFolder(model, receiver))) return [];
  const stays = fateAt(model, code, routes);
  if (stays === null) return [];
  const service = model.service(call.file);
  const disk = service === null ? null : diskOf(model, service);
  const folder = folderIn(code);
  const base: Confidence = routes.length === 0 ? "low" : stays ? "high" : "medium";
  const at = storageCall(model, call) ?? call;
  return [
    adviceOnCall(rule, at, {
      confidence: disk === null ? base : lowered(disk, folder, base),
      message: `Files that users send lie on the disk of the machine that took them. ${fateOf(model, service, disk)}`,
      routes: routes.map(({ method, path }) => `${method} ${path}`),
      also: placesOf([call, ...storages(model, call)], at),
      anchor: use.api,
      fix: fixFor(model, at),
    }),
  ];
}

/** By itself, or in Nest's interceptors. */
function isMulter({ api }: Use): boolean {
  return /^(multer|@koa\/multer|@nestjs\/platform-express):/.test(api);
}

/** One parser serves many routes: it is enough that the files of one of them stay. */
function fateAt(model: Model, code: string, routes: readonly Route[]): boolean | null {
  const all = staysThere(
    model,
    code,
    routes.flatMap((route) => handlingOf(model, route)),
  );
  if (all !== null || routes.length < 2) return all;
  return routes.some((route) => staysThere(model, code, handlingOf(model, route)) === true) ? true : null;
}

/** formidable, express-fileupload and multiparty write to a temporary folder unless told otherwise; what moves files from there is found by itself. */
function isFormWithFolder(model: Model, { call }: Receiver): boolean {
  const text = model.repo.read(call.file) ?? "";
  return (
    /uploadDir/.test(textOf(model, call)) ||
    /uploadDir\s*=|["'`]fileBegin["'`][\s\S]{0,600}?\bfile\.(file)?path\s*=/.test(text)
  );
}

/** `multer.diskStorage({...})` as it stands at the call or in the variable it was put into. */
function storageCall(model: Model, call: CallSite): CallSite | null {
  const [use] = diskStorages(model).filter((each) => within(each, call));
  return use?.call ?? null;
}

function within({ call }: Use, outer: CallSite): boolean {
  return call.file === outer.file && outer.span.start <= call.span.start && call.span.end <= outer.span.end;
}

/** Storages that are made apart from the parser, in its file. */
function storages(model: Model, { file }: CallSite): CallSite[] {
  return diskStorages(model).flatMap(({ call }) => (call.file === file ? [call] : []));
}

/** The code that names the folder. */
function destinationText(model: Model, call: CallSite): string {
  return storages(model, call)
    .map((made) => textOf(model, made))
    .join(" ");
}

function isTemporary(code: string): boolean {
  return /tmpdir\(\)|["'`]\/tmp\b|["'`](\.?\/)?(tmp|temp)\b/i.test(code);
}

function folderIn(code: string): string | null {
  return (
    /(?:destination|dest|uploadDir)\b[^"'`]*["'`]([^"'`]+)["'`]/.exec(code)?.[1] ??
    /["'`]([\w./-]*(?:upload|public|static|media|images?|files)[\w./-]*)["'`]/i.exec(code)?.[1] ??
    null
  );
}

/** True: it is handed out or its name is kept. False: nothing says. Null: it is sent on, or read and thrown away. */
function staysThere(model: Model, code: string, handling: readonly Fn[]): boolean | null {
  const inside = handling.flatMap((fn) => withInner(model, fn));
  const calls = inside.flatMap((fn) => callsIn(model, fn));
  if (calls.some((call) => model.usesAt(call).some(isSending))) return null;
  const texts = handling.map((fn) => textOf(model, fn)).join("\n");
  const isNamed =
    /\bfiles?\b(\?|!)?(\[\w+\])?(\?|!)?\.(filename|newFilename)\b|\bfilename\b[^\n]*\bfile\b|["'`]\/?(uploads?|images?|media|static|public)\//i.test(
      texts,
    );
  if (isNamed || servedFolder(model, folderIn(code))) return true;
  const isThrownAway = calls.some(
    (call) =>
      /\b(unlink|rm|remove)(Sync)?\s*\(/.test(textOf(model, call).slice(0, 60)) &&
      /\bfiles?\b[^)]*\bpath\b|file_?path|temp/i.test(textOf(model, call)),
  );
  const isRead =
    /(createReadStream|readFile(Sync)?|sharp|readFileSync|xlsx\.readFile|fromFile)\s*\([^)]*\bfile[^)]*path/i.test(
      texts,
    );
  return isThrownAway || isRead ? null : false;
}

/** `file.mv(path)` of express-fileupload, `sharp(req.file.buffer).toFile(path)`, a stream or a buffer of the request written to a file. */
function moved(model: Model): Match[] {
  return movingCalls(model).flatMap((call) => {
    const ways = model.reach(call).filter(({ entry }) => entry.kind === "route" && !/^GET\b/.test(entry.label));
    const code = `${textOf(model, call)} ${pathOf(model, call)?.text ?? ""}`;
    if (ways.length === 0 || isTemporary(code) || /\b\w*(temp|tmp)(?!l)\w*\b/i.test(pathOf(model, call)?.text ?? ""))
      return [];
    const service = model.service(call.file);
    const disk = service === null ? null : diskOf(model, service);
    const fn = model.fn(call.fn);
    if (fn !== null && passesOn(model, fn)) return [];
    const { routes, path } = waysOf(ways);
    return [
      adviceOnCall(rule, call, {
        confidence: disk === null ? "medium" : lowered(disk, folderIn(code), "high"),
        message: `${inWords(routes, "A route")} ${routes.length === 1 ? "leaves" : "leave"} users' files on the disk of the machine that took them. ${fateOf(model, service, disk)}`,
        routes,
        path,
        anchor: `${model.usesAt(call)[0]?.api ?? "mv"} in ${fn?.name ?? "a function"}`,
        fix: fixFor(model, call),
      }),
    ];
  });
}

/** The function sends the file on to a storage service. */
function passesOn(model: Model, fn: Fn): boolean {
  const calls = withInner(model, fn).flatMap((each) => callsIn(model, each));
  return calls.some((call) => model.usesAt(call).some(isSending));
}
