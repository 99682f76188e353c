/**
 * The linked app: what the components read to judge and what the recipes read to write.
 *
 * Everything here is an observation with its place in the source. Unresolved is a value (`null`, `unknown`), never a guess.
 */
import type { Repo } from "./repo/repo.ts";
import type { CallUse, Span, Summary } from "./summary.ts";

/** Which part of the product a file belongs to; findings are made in `server` code only, unless a rule says otherwise. */
export type Context = "server" | "worker" | "browser" | "test" | "script" | "build" | "dead";

/** What a call does to the world; the vocabulary of the library knowledge in `analyzers/libraries/`. */
export type SinkKind =
  | "mail"
  | "push"
  | "model"
  | "payment"
  | "http"
  | "image"
  | "pdf"
  | "database-read"
  | "database-write"
  | "cache"
  | "queue"
  | "storage"
  | "file-write"
  | "session"
  | "rate-limit"
  | "schedule"
  | "log"
  | "error-tracking"
  | "cpu";

export interface Place {
  file: string;
  line: number;
}

/** A function of the app, addressable across files. */
export interface Fn extends Place {
  /** `<file>#<index>`; stable within one model. */
  id: string;
  name: string | null;
  async: boolean;
  params: { name: string | null; type: string | null; optional: boolean; rest: boolean }[];
  /** The names under which its module exports it (also as a member: `mailer.sendReceipt`), empty when private. */
  exportedAs: string[];
  /** The function that lexically holds it; null when it is the module body. */
  parent: string | null;
  isModule: boolean;
  class: string | null;
  span: Span;
}

/** What is known of an argument or option value. `external` is something that came from a package, named by its api path. */
export type Known =
  | { kind: "literal"; value: string | number | boolean | null }
  | { kind: "object"; entries: Record<string, Known>; open: boolean }
  | { kind: "array"; items: Known[] }
  | { kind: "fn"; fn: string }
  | { kind: "class"; name: string; file: string }
  | { kind: "external"; api: string }
  | { kind: "env"; name: string; default: string | number | null }
  | { kind: "template"; parts: (string | null)[] }
  | { kind: "unknown" };

/** One call in the app's own code. */
export interface CallSite extends Place {
  /** `<file>#<index>`; stable within one model. */
  id: string;
  /** The function that holds the call. */
  fn: string;
  args: Known[];
  /** Source names the arguments mention, in order (`order`, `user.email`), null where they are not plain. */
  isNew: boolean;
  use: CallUse;
  awaited: boolean;
  inLoop: boolean;
  guarded: boolean;
  span: Span;
  statement: Span;
}

/**
 * A call whose callee is known to come from a package, a Node builtin (`node:fs`) or a global (`global`).
 *
 * `api` is `<package>:<path>`: members joined by `.`, calls and `new` as `()`, default and whole-module imports as the root.
 * Examples: `nodemailer:createTransport().sendMail`, `express:Router().post`, `openai:().chat.completions.create`, `global:fetch`.
 */
export interface Use {
  api: string;
  package: string;
  kind: SinkKind | null;
  call: CallSite;
  /** The construction this use hangs on (`new OpenAI({...})`, `createTransport({...})`), where its options stand; null if none or unknown. */
  construction: CallSite | null;
  /** `proven`: imports and assignments only. `inferred`: one step rests on a parameter, a type name or a property of unknown origin. */
  certainty: "proven" | "inferred";
  /** Of outgoing HTTP: where it may go, as far as it is written; `*` is what is not known, `$NAME` a setting. Absent elsewhere. */
  addresses?: readonly string[];
}

/** Something in a route's chain before or as its handler. */
export interface Handler {
  /** The app's own function, through wrappers such as `asyncHandler(fn)`; null when it comes from a package. */
  fn: string | null;
  /**
   * The package api it was made by (`express-rate-limit:()`), null for the app's own. Beside `fn` it is that of the package's
   * class which the app's own extends (`class JwtGuard extends AuthGuard("jwt")`).
   */
  api: string | null;
  place: Place;
  /** Where the value was made (`rateLimit({...})`), for its options. */
  construction: CallSite | null;
  /** The app's other functions that run with it: the wrapper around `fn`, or what a factory was given. */
  also?: string[];
  /** Stretches of `fn` that run only for other methods than the route's, as offsets in its file. */
  except?: Stretch[];
}

export type Stretch = Pick<Span, "start" | "end">;

export interface Route extends Place {
  id: string;
  /** Upper case; `ALL` for `app.all`, `USE` never appears here. */
  method: string;
  /**
   * How it is reached. `http`: a request of this method and path. `page`: a page that the server renders, loaded by GET.
   * `action`: a function that a form or the browser calls through its framework; `method` is `ACTION`, `path` its name.
   * A form action of SvelteKit goes by its page: `/login` is the unnamed one, `/settings?/save` the one called `save`.
   * `rpc`, `graphql`: a procedure or a field; `method` is `QUERY`, `MUTATION` or `SUBSCRIPTION`, `path` its name.
   */
  via: "http" | "page" | "action" | "rpc" | "graphql";
  /** Full path with mounted prefixes, parameters as `:name`; null segments that could not be known are written `*`. */
  path: string;
  service: string;
  framework: string;
  /** In order of execution: app-level, router-level, then the route's own; the last ones are `handlers`. */
  middleware: Handler[];
  handlers: Handler[];
  registration: CallSite | null;
  /**
   * Decorators of the app's own on the handler and its class: words for what runs around it (`Public`, `Roles("admin")`),
   * which may heed them or not. Absent where the framework has none.
   */
  marks?: { name: string; call: CallSite }[];
  /** What its file says about how it is run; absent where it says nothing. */
  settings?: RouteSettings;
  /** The cron expression at which the platform itself calls it; absent for routes that people call. */
  schedule?: string;
}

/** Settings that stand beside a handler for the framework or the host to read (`export const maxDuration = 60`). */
export interface RouteSettings {
  /** `nodejs`, `edge`. */
  runtime?: string;
  /** Seconds after which the host ends it. */
  maxDuration?: number;
  /** `force-dynamic`: made anew for every request; `force-static`, `error`: made by the build. */
  dynamic?: string;
  /** Seconds for which an answer is kept; false keeps it for good. */
  revalidate?: number | false;
  /** Largest body as written (`4mb`); false where the body is left to the handler. */
  bodyParser?: string | number | false;
}

/** Where code starts running besides routes. */
export interface Entry extends Place {
  kind: "process" | "route" | "worker-job" | "schedule" | "socket" | "event";
  fn: string;
  /** `POST /checkout`, `node src/index.ts`, `cron 0 3 * * *`. */
  label: string;
  routeId: string | null;
  /** Stretches of `fn` through which it does not go on: see {@link Handler.except}. */
  except?: Stretch[];
}

export interface PathStep extends Place {
  label: string;
  fn: string;
}

/** One way from an entry to a call. */
export interface Reach {
  entry: Entry;
  /** From the entry's function to the function that holds the call; the call itself is the last step. */
  path: PathStep[];
  /** The calls walked, one per edge; the last one is the sink itself. */
  calls: CallSite[];
  /** True when some call on the way is not waited for, so the entry answers before the sink ends. */
  detached: boolean;
  /** True when it is detached, but in the platform's care: what `after()` or `waitUntil()` was given is not lost with the answer. */
  deferred: boolean;
  certainty: "proven" | "inferred";
}

export interface Service {
  name: string;
  /** Folder of its package.json, `.` for the repo's root. */
  root: string;
  language: "typescript" | "javascript" | "python";
  /** `none` where the language has one kind only. */
  modules: "esm" | "commonjs" | "none";
  frameworks: { name: string; version: string | null }[];
  packageManager: "npm" | "pnpm" | "yarn" | "bun" | "pip" | "poetry" | "uv" | "pipenv" | null;
  lockfile: string | null;
  /** Files a process starts from, from scripts, `main`, Dockerfile, Procfile. */
  entry: string[];
  scripts: Record<string, string>;
  start: string | null;
  build: string | null;
  /** Where compiled files go (`dist`), null when the source runs as it is. */
  outDir: string | null;
  /** `env`: the environment name that decides it, null when the code fixes it or reads none. */
  port: { value: number | null; source: string; place: Place | null; env?: string | null };
  nodeVersion: string | null;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  /** Environment names the code reads, with where and the literal default. */
  env: { name: string; default: string | number | null; place: Place }[];
  /** Backing services seen, with the evidence. */
  backing: {
    kind: "postgres" | "mysql" | "mongodb" | "sqlite" | "redis" | "s3" | "smtp";
    evidence: Place & { note: string };
  }[];
  /** Long-running process types beside the web one (`worker` from Procfile, scripts or compose); `entry`: the files they start from. */
  processes: { name: string; command: string; evidence: Place; entry?: string[] }[];
}

export interface Deploy {
  target: string;
  evidence: Place;
}

export interface Model {
  repo: Repo;
  services: Service[];
  deploy: Deploy[];
  routes: Route[];
  entries: Entry[];
  uses: Use[];
  skipped: { file: string; reason: string }[];
  /** Milliseconds per stage: read, extract, link. */
  timings: Record<string, number>;
  context(file: string): Context;
  service(file: string): Service | null;
  summary(file: string): Summary | null;
  fn(id: string): Fn | null;
  functions(file: string): Fn[];
  /** All calls in the app that are known to call this function. */
  callers(fn: string): CallSite[];
  /** The calls that a function is handed to and that run it: `orders.map(withCustomer)`. */
  handedTo(fn: string): CallSite[];
  /** The app's own functions that a call may run (several for an interface or a union). */
  targets(call: CallSite): Fn[];
  /**
   * Every entry from which this call can run, shortest path first, at most one path per entry. Pages that the build renders
   * are left out: no request waits for them.
   */
  reach(call: CallSite): Reach[];
  /** Uses whose api equals or is matched by the pattern; `*` stands for one path part, `**` for any. */
  usesOf(pattern: string): readonly Use[];
  /** Uses of these kinds, in the order of {@link Model.uses}. */
  usesOfKind(...kinds: SinkKind[]): readonly Use[];
  /** The uses that one call is: several where the callee may be one of several things. */
  usesAt(call: CallSite): readonly Use[];
  /** The calls in a use's api path, the first one first: `new DataSource()` and `getRepository(User)` for `repository.find`. */
  callsIn(use: Use): readonly CallSite[];
  /** What is called on the client, or whatever else, that this call makes: the uses whose {@link Use.construction} it is. */
  usesOn(construction: CallSite): readonly Use[];
  /** Whether execution of the call site's function can be followed by a value reaching the client (the handler returns or sends it). */
  call(id: string): CallSite | null;
}
