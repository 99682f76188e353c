/** Functions of Python apps that are given users' files, where they write them, and whether they ask how large these are. */
import { callsIn, withInner } from "../../analyzers/code/calls-in.ts";
import { escaped, textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Fn, Model, Use } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";

export interface Taker {
  fn: Fn;
  /** Parameters and names that hold a file. */
  names: string[];
}

/** A write of a user's file, in the function that was given it or in one below. */
export interface Kept {
  call: CallSite;
  api: string;
  /** The code that says where to. */
  code: string;
}

const known = new WeakMap<Model, readonly Taker[]>();

/** FastAPI's `UploadFile` parameters, Flask's `request.files`, Django's `request.FILES`. */
export function takersOf(model: Model): readonly Taker[] {
  const found = known.get(model) ?? model.repo.files.flatMap((file) => takersIn(model, file));
  known.set(model, found);
  return found;
}

function takersIn(model: Model, file: string): Taker[] {
  if (!isPython(file) || model.context(file) !== "server") return [];
  if (!/UploadFile|\.files\b|\.FILES\b/.test(model.repo.read(file) ?? "")) return [];
  return model.functions(file).flatMap((fn) => {
    if (fn.isModule) return [];
    const text = textOf(model, fn);
    const head = text.slice(0, headEnd(text));
    const params = [...head.matchAll(/(\w+)\s*:\s*[^,=()]*\bUploadFile\b/g)];
    const taken = [
      ...text.matchAll(/(\w+)\s*=\s*request\.(?:files|FILES)\b|\bfor\s+(\w+)\s+in\s+request\.(?:files|FILES)\b/g),
    ];
    const names = [...params, ...taken].flatMap(([, name, item]) => name ?? item ?? []);
    const isTaking = names.length > 0 || /\brequest\.(files|FILES)\b/.test(text);
    return isTaking ? [{ fn, names: [...new Set(names)] }] : [];
  });
}

/** Where the parameters end: at the bracket that closes the first one opened. */
function headEnd(text: string): number {
  let depth = 0;
  for (let at = text.indexOf("("); at >= 0 && at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === "(") depth += 1;
    if (sign === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** What a taker does with its file by itself, and what the functions do that it hands the file or its bytes to. */
export function handlersOf(model: Model, { fn }: Taker): Fn[] {
  const own = withInner(model, fn);
  const below = own.flatMap((each) => callsIn(model, each)).flatMap((call) => model.targets(call));
  return [...new Map([...own, ...below.filter(({ isModule }) => !isModule)].map((each) => [each.id, each])).values()];
}

const writing =
  /^pypi:(shutil:copyfileobj|aiofiles:open\(\)\.write|builtins:open\(\)\.write|pathlib:.*\.(write_bytes|open\(\)\.write)|werkzeug:.*\.save|flask:request\.files.*\.save|django:core\.files\.storage\.FileSystemStorage\(\)\.save)$/;

/** Writes of users' files to the disk that stay there. */
export function keptBy(model: Model, taker: Taker): Kept[] {
  return handlersOf(model, taker).flatMap((fn) => {
    const text = textOf(model, fn);
    return callsIn(model, fn).flatMap((call) => {
      const use = model.usesAt(call).find(({ api }) => writing.test(api));
      if (use === undefined || !isOfUpload(model, use, text)) return [];
      const code = placeText(model, use, text);
      return isPassing(code, text) ? [] : [{ call, api: use.api, code }];
    });
  });
}

/** Reading bytes, streaming and saving of a file: the data of a write is an upload's where one of these gave it. */
const reading = /\.(file\.|stream\.)?(read|chunks|getbuffer|read_chunk)\(|\.file\b|\.stream\b/;

function isOfUpload(model: Model, { api, call }: Use, text: string): boolean {
  if (api.endsWith(".save")) return true;
  const [, data = ""] = /\(([\s\S]*)\)$/.exec(textOf(model, call)) ?? [];
  if (reading.test(data)) return true;
  const name = /^\s*([A-Za-z_]\w*)/.exec(data)?.[1];
  if (name === undefined) return false;
  const given = new RegExp(
    `\\b${escaped(name)}\\s*:?=\\s*([^\\n]*)|\\bfor\\s+${escaped(name)}\\s+in\\s+([^\\n]*)`,
  ).exec(text);
  if (given !== null) return reading.test(given[1] ?? given[2] ?? "");
  const head = text.slice(0, headEnd(text));
  return new RegExp(`\\b${escaped(name)}\\s*:\\s*(bytes|BinaryIO|UploadFile|FileStorage)\\b`).test(head);
}

/** The path that a write is given, or the file that it writes to was opened with, and what its names stand for. */
function placeText(model: Model, { api, call, construction }: Use, text: string): string {
  const opened = /\.save$|write_bytes$/.test(api) ? call : (construction ?? call);
  const code = api.includes("copyfileobj") ? lastOpen(text) : textOf(model, opened);
  const names = code.match(/\b[A-Za-z_]\w*\b/g) ?? [];
  const given = [...new Set(names)]
    .slice(0, 8)
    .map((name) => new RegExp(`\\b${escaped(name)}\\s*=\\s*([^\\n]*)`).exec(text)?.[1] ?? "");
  return `${code} ${given.join(" ")}`;
}

function lastOpen(text: string): string {
  return /\bopen\([^\n]*/.exec(text)?.[0] ?? text;
}

/** Temporary files, and files that the same function takes away again. */
function isPassing(code: string, text: string): boolean {
  if (/\btempfile\b|Temporary|mkdtemp|mkstemp|["'](\.?\/)?(tmp|temp)\b|\b\w*(temp|tmp)(?!l)\w*\b/i.test(code))
    return true;
  const removed = [...text.matchAll(/\b(?:remove|unlink|rmtree)\(\s*(\w+)|\b(\w+)\.unlink\(/g)].flatMap(
    ([, a, b]) => a ?? b ?? [],
  );
  return removed.some((name) => new RegExp(`\\b${escaped(name)}\\b`).test(code));
}

/** What a function asks of a file's size before, or while, it takes it: `len(content) > MAX`, `file.size`, `content-length`. */
export const sizeAsked =
  /\blen\(\s*\w+(\.\w+)*\s*\)\s*[<>]|\.size\b|\bsize\b\s*[<>]|[<>]=?\s*\w*(max|limit)\w*|max_?(file|upload|content|image)?_?(size|bytes|mb|length)|content[-_]length|SEEK_END|seek\(\s*0\s*,\s*2\s*\)|REQUEST_ENTITY_TOO_LARGE|\b413\b|validate_\w*(size|file|image|upload)/i;
