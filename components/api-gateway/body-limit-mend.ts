/** Gives a parser that takes everything a limit, where nothing speaks for large bodies being meant. */
import type { CallSite, Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import { openSource } from "../../patches/editors/source.ts";

export type Mended = { edits: Edit[]; note: string } | { cannot: string; constraints: string[] };

export function mendBodyLimit(call: CallSite, api: string, model: Model): Mended {
  const own = ownOptions.find(({ apis }) => apis.test(api));
  if (own !== undefined) return { cannot: "only what is written for Express is changed here", constraints: [own.how] };
  const source = openSource(model.repo, call.file);
  if (source === null) return { cannot: "the file could not be parsed", constraints: [] };
  if (api.startsWith("multer") || api.startsWith("express-fileupload")) {
    const refuses = api.startsWith("multer") ? {} : { abortOnLimit: "true" };
    const has = call.args[0]?.kind === "object" && call.args[0].entries["limits"] !== undefined;
    const edits = has
      ? null
      : setOptions(source, call.span, 0, { limits: "{ fileSize: 10 * 1024 * 1024 }", ...refuses });
    if (edits === null)
      return {
        cannot: "its options are not written at the call",
        constraints: ["Set `limits.fileSize` to the largest file that makes sense here."],
      };
    return {
      edits,
      note: "Uploads may have 10 MB; answer larger ones with 413 in the error handler if the app should say so kindly.",
    };
  }
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
  const most = mayTakeFiles(model) ? "10mb" : "1mb";
  const edits = setOptions(source, call.span, 0, { limit: JSON.stringify(most) });
  if (edits === null) return { cannot: "its options are not written at the call", constraints: [] };
  const size = most === "1mb" ? "1 MB, ten times the default" : "10 MB, in case a picture travels in one";
  return { edits, note: `Bodies may have ${size}; give a route that needs more a parser of its own.` };
}

/** How other frameworks say how large a body may be. */
const ownOptions: readonly { apis: RegExp; how: string }[] = [
  {
    apis: /^fastify:/,
    how: "`bodyLimit` of the instance stays at Fastify's 1 MiB; the few routes that take more have a `bodyLimit` of their own.",
  },
  {
    apis: /^(koa-body|koa-bodyparser|@koa\/bodyparser):/,
    how: "`jsonLimit`, `formLimit` and `textLimit` stay near Koa's 1 MB; the few routes that take more have a parser of their own.",
  },
  { apis: /koa\/multer:|^koa-multer:/, how: "Set `limits.fileSize` to the largest file that makes sense here." },
  {
    apis: /^@nestjs\/platform-express:\w+Interceptor$/,
    how: "`limits: { fileSize }` in the interceptor's options, or once in `MulterModule.register`; a check in a pipe comes too late, when the file is in memory.",
  },
  {
    apis: /^@nestjs\//,
    how: "100 KB to 1 MB for all routes; the few that need more get a parser of their own.",
  },
  {
    apis: /^hono/,
    how: "`app.use(bodyLimit({ maxSize: 1024 * 1024 }))` of `hono/body-limit` before the routes; those that take files have one of their own.",
  },
];

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

function serverTexts(model: Model): { file: string; text: string }[] {
  return model.repo.files
    .filter((file) => model.summary(file) !== null && model.context(file) === "server")
    .map((file) => ({ file, text: model.repo.read(file) ?? "" }));
}
