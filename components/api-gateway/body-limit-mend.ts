/** Gives a parser that takes everything a limit, where nothing speaks for large bodies being meant. */
import type { CallSite, Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import { addImport, freeName } from "../../patches/editors/imports.ts";
import { openSource, type Source } from "../../patches/editors/source.ts";
import { hintsFor } from "./body-limit-hints.ts";
import { mendUpload, uploadApi } from "./upload-limit.ts";

export type Mended = { edits: Edit[]; note: string } | { cannot: string; constraints: string[] };

/** How a parser says how large a body may be. */
interface Way {
  apis: RegExp;
  /** Where its options stand among the arguments. */
  at: number;
  /** The options to set; of several only those that are written there. */
  keys: readonly string[];
  /** Numbers of bytes, or text such as `1mb`. */
  in: "bytes" | "text";
}

const ways: readonly Way[] = [
  { apis: /^(express|body-parser):/, at: 0, keys: ["limit"], in: "text" },
  { apis: /^fastify:|:FastifyAdapter$/, at: 0, keys: ["bodyLimit"], in: "bytes" },
  {
    apis: /^(koa-body|koa-bodyparser|@koa\/bodyparser):/,
    at: 0,
    keys: ["jsonLimit", "formLimit", "textLimit"],
    in: "text",
  },
  { apis: /\.useBodyParser$/, at: 1, keys: ["limit"], in: "text" },
  { apis: /^hono\/body-limit:/, at: 0, keys: ["maxSize"], in: "bytes" },
];

export function mendBodyLimit(call: CallSite, api: string, model: Model): Mended {
  const source = openSource(model.repo, call.file);
  if (source === null) return { cannot: "the file could not be parsed", constraints: [] };
  if (uploadApi.test(api)) return mendUpload(source, call, api, takesLongFiles(model));
  const carrier = carriesFiles(model);
  if (carrier !== null) {
    return {
      cannot: `the app seems to take files inside JSON (${carrier}), and a lower limit would refuse them`,
      constraints: [
        "100 KB to 1 MB for all routes; the few that take files inside JSON parse with a limit of their own, behind the login check.",
        "Better still: take files as multipart uploads or straight into object storage, not inside JSON.",
      ],
    };
  }
  const most = mayTakeFiles(model) ? 10 : 1;
  const edits = api === "hono:Hono" ? honoLimit(source, call, most) : raised(source, call, api, most);
  if (edits === null) return { cannot: "its options are not written at the call", constraints: hintsFor(api) };
  const size = most === 1 ? "1 MB" : "10 MB, in case a picture travels in one";
  const more = /^(express|body-parser):/.test(api) ? ", ten times the default" : "";
  return {
    edits,
    note: `Bodies may have ${size}${most === 1 ? more : ""}; give a route that needs more a ${api.startsWith("express") || api.startsWith("body-parser") ? "parser" : "limit"} of its own.`,
  };
}

function raised(source: Source, call: CallSite, api: string, megabytes: number): Edit[] | null {
  const way = ways.find(({ apis }) => apis.test(api));
  if (way === undefined) return null;
  const written = optionNames(call.args[way.at]);
  const keys = way.keys.length === 1 ? way.keys : way.keys.filter((key) => written.includes(key));
  const value = way.in === "text" ? JSON.stringify(`${megabytes}mb`) : bytes(megabytes);
  const options = Object.fromEntries(keys.map((key) => [key, value]));
  return keys.length === 0 ? null : setOptions(source, call.span, way.at, options);
}

function optionNames(options: CallSite["args"][number] | undefined): string[] {
  return options?.kind === "object" ? Object.keys(options.entries) : [];
}

function bytes(megabytes: number): string {
  return megabytes === 1 ? "1024 * 1024" : `${megabytes} * 1024 * 1024`;
}

/** A middleware right behind the app's creation, before whatever reads bodies. */
function honoLimit(source: Source, call: CallSite, megabytes: number): Edit[] | null {
  const name = freeName(source, "bodyLimit");
  const edit = afterCreation(
    source,
    call.span,
    /^(basePath|use|onError|notFound)$/,
    (app) => `${app}.use(${name}({ maxSize: ${bytes(megabytes)} }));`,
  );
  if (edit === null) return null;
  const names = [name === "bodyLimit" ? name : { name: "bodyLimit", as: name }];
  return [...addImport(source, { from: "hono/body-limit", names }), edit];
}

/** The first server file that speaks of files as text, which is how large JSON comes about; null when none does. */
function carriesFiles(model: Model): string | null {
  const speaks = /base64|data:\s*(image|application|video|audio)|data_?url/i;
  return serverTexts(model).find(({ text }) => speaks.test(text))?.file ?? null;
}

/** Whether the app has to do with pictures or files at all, which may come as text in JSON without a word in the code. */
function mayTakeFiles(model: Model): boolean {
  const about =
    /\b(poster|avatar|photo|picture|image|logo|banner|cover|thumbnail|attachment|document|signature|video|audio)/i;
  return serverTexts(model).some(({ text }) => about.test(text));
}

/** The first server file that speaks of what is larger than a picture, or says itself how large a file may be. */
function takesLongFiles(model: Model): string | null {
  const about = /\bvideo|\baudio|\bmp[34]\b|\bmaxSize\b|MaxFileSizeValidator|\bfile\.size\s*>/i;
  return serverTexts(model).find(({ text }) => about.test(text))?.file ?? null;
}

function serverTexts(model: Model): { file: string; text: string }[] {
  return model.repo.files
    .filter((file) => model.summary(file) !== null && model.context(file) === "server")
    .map((file) => ({ file, text: model.repo.read(file) ?? "" }));
}
