/** Calls that put users' files onto the disk: moved there by an upload parser, written, streamed or unpacked. */
import { assignedIn, textOf } from "../../analyzers/code/text.ts";
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import { indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Model, Use } from "../../analyzers/model.ts";
import { receiversOf } from "./receivers.ts";

export function movingCalls(model: Model): CallSite[] {
  return [...mvCalls(model), ...written(model), ...streamed(model), ...renamed(model), ...unpacked(model)];
}

/** Where the app takes files with express-fileupload, what is called `mv` moves one. */
function mvCalls(model: Model): CallSite[] {
  const services = new Set(model.usesOf("express-fileupload:").map(({ call }) => model.service(call.file)?.root));
  if (services.size === 0) return [];
  return model.repo.files.flatMap((file) => {
    const calls =
      model.context(file) === "server" && services.has(model.service(file)?.root)
        ? (model.summary(file)?.calls ?? [])
        : [];
    return calls.flatMap((call, index) =>
      call.callee.kind === "member" && call.callee.property === "mv" ? (model.call(`${file}#${index}`) ?? []) : [],
    );
  });
}

/** What the app makes itself. */
const ownWork = /pdf|qr|report|export|invoice|canvas|\.json\b|csv|JSON\.stringify/i;

/** Written by a route that takes files: what it got, or what was packed in it. */
function unpacked(model: Model): CallSite[] {
  const takers = new Set(receiversOf(model).flatMap(({ routes }) => routes.map(({ id }) => id)));
  if (takers.size === 0) return [];
  return model
    .usesOfKind("file-write")
    .filter(({ api, call }) => api.endsWith("createWriteStream") && model.context(call.file) === "server")
    .map(({ call }) => call)
    .filter((call) => {
      const routes = model.reach(call).flatMap(({ entry }) => (entry.kind === "route" ? [entry.routeId ?? ""] : []));
      return routes.length > 0 && routes.every((id) => takers.has(id)) && !ownWork.test(textOf(model, call));
    });
}

/** The bytes of a request, in whatever wrapping. */
const ofRequest =
  /\bfiles?\b(\?|!)?(\[[^\]]*\])?(\?|!)?\.(buffer|data|stream)\b|base64|\breq(uest)?\.body\s*[,)]|\bbuffer\b|fileBuffer|imageBuffer/i;

function written(model: Model): CallSite[] {
  const writes = model.usesOfKind("file-write").filter(({ api }) => /(writeFile(Sync)?|outputFile)$/.test(api));
  const images = ["sharp:**", "jimp:**", "gm:**"]
    .flatMap((api) => model.usesOf(api))
    .filter(({ api }) => /\.(toFile|write|writeAsync)$/.test(api));
  return [...[...writes, ...images].filter(({ call }) => ofRequest.test(dataText(model, call))), ...ofBun(model)]
    .map(({ call }) => call)
    .filter((call) => model.context(call.file) === "server" && !ownWork.test(textOf(model, call)));
}

/** `Bun.write(path, form.picture)`: a part of the body as it came. */
function ofBun(model: Model): Use[] {
  return model.usesOf("global:Bun.write").filter(({ call: { id, file } }) => {
    const value = model.summary(file)?.calls[indexIn(id)]?.args[1];
    const sources = value === undefined ? [] : sourcesOf(model, { file, value, frame: null });
    return sources.some(
      ({ kind, path, computed, inText }) => kind === "request" && path.includes("body") && !computed && !inText,
    );
  });
}

/** What is written: the second argument and what its name was given, or the chain that `toFile` hangs on. */
function dataText(model: Model, call: CallSite): string {
  const code = textOf(model, call);
  if (/\.toFile\(/.test(code)) return code;
  const picture = /^([\w$]+)\s*\.write(Async)?\(/.exec(code)?.[1];
  const data = code.slice(code.indexOf(",") + 1);
  const name = /^\s*([\w$]+)\s*[,)]/.exec(data)?.[1];
  const fn = model.fn(call.fn);
  if (picture !== undefined && fn !== null) return assignedIn(textOf(model, fn), picture);
  const given = name === undefined || fn === null ? "" : assignedIn(textOf(model, fn), name);
  return name !== undefined && given === "" ? "" : `${data} ${given}`;
}

/** busboy: a stream of the request piped into a file. */
function streamed(model: Model): CallSite[] {
  const parsers = ["busboy", "@fastify/multipart", "connect-busboy", "multiparty"];
  return model
    .usesOf("node:fs:createWriteStream")
    .map(({ call }) => call)
    .filter((call) => {
      const imports = model.summary(call.file)?.imports ?? [];
      const fn = model.fn(call.fn);
      const code = fn === null ? "" : textOf(model, fn);
      const isParsing = imports.some(({ specifier }) => parsers.includes(specifier)) && /\bfile\w*\b/i.test(code);
      return model.context(call.file) === "server" && (isParsing || (isOfFastify(model, call) && partOf.test(code)));
    });
}

/** `request.file()`, `for await (const part of request.parts())`: what @fastify/multipart puts on every request. */
const partOf = /\b(req|request)\.(file|files|parts)\(/;

function isOfFastify(model: Model, { file }: CallSite): boolean {
  const { dependencies = {} } = model.service(file) ?? {};
  return ["@fastify/multipart", "fastify-multipart"].some((name) => dependencies[name] !== undefined);
}

/** formidable: the temporary file gets a name that stays. */
function renamed(model: Model): CallSite[] {
  return model
    .usesOfKind("file-write")
    .filter(({ api }) => /(rename|copyFile|move|copy)(Sync)?$/.test(api))
    .map(({ call }) => call)
    .filter((call) => {
      const imports = model.summary(call.file)?.imports ?? [];
      return (
        model.context(call.file) === "server" &&
        imports.some(({ specifier }) => /^(formidable|multiparty|multer)$/.test(specifier)) &&
        /\bfiles?(\?|!)?(\[[^\]]*\])?(\?|!)?\.(path|filepath|tempFilePath)\b|\bold_?path\b|\btemp_?path\b/i.test(
          textOf(model, call),
        )
      );
    });
}
