/** How each framework says how large a body may be, for whoever writes it by hand. */

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

export function hintsFor(api: string): string[] {
  return ownOptions.flatMap(({ apis, how }) => (apis.test(api) ? [how] : [])).slice(0, 1);
}
