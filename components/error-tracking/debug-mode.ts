/** Stack traces, query consoles and developers' settings that reach strangers. */
import { posix } from "node:path";
import { textOf } from "../../analyzers/code/text.ts";
import { composedServices } from "../../analyzers/deployment/compose.ts";
import { settingsIn } from "../../analyzers/deployment/dockerfile.ts";
import { shippedImages } from "../../analyzers/deployment/images.ts";
import type { Known, Model, Place, Use } from "../../analyzers/model.ts";
import { answeringServices } from "../../analyzers/serving/product.ts";
import type { Call, Summary, Value } from "../../analyzers/summary.ts";
import { lineHolding } from "../../analyzers/services/manifest.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";

export function debugMatches(model: Model): Match[] {
  return [...stacks(model), ...consoles(model), ...developmentSettings(model)];
}

/** Methods by which handlers of all frameworks answer. */
const answers = new Set(["json", "send", "end", "render", "write", "jsonp", "status", "code"]);
/** Signs that the author has thought of who may see it. */
const isAsked =
  /NODE_ENV|\bis_?(dev|prod|production|development|local|debug)\b|app\.get\(["']env["']\)|\b(config|env|settings)\.\w*(env|mode|debug|dev)|\bDEBUG\b|\bAPP_ENV\b|\.env\b.*===|environment/i;

/** Addresses for staff and machines, which strangers do not get to. */
const inside = /(^|[/._-])(admin|mod|tests?|testing|e2e|debug|internal|temp|webhooks?|cron|jobs?|dev)([/._-]|$)/i;

function stacks(model: Model): Match[] {
  return model.repo.files.flatMap((file) => {
    const summary = model.summary(file);
    if (summary === null || model.context(file) !== "server" || inside.test(file)) return [];
    const text = model.repo.read(file) ?? "";
    if (!/\.stack\b/.test(text)) return [];
    return summary.calls.flatMap((call) => {
      const isShown = isAnswer(call, summary) && sendsStack(call) && isRendered(call, model);
      return isShown && !isForDevelopers(call, file, model) ? [stackMatch(file, call)] : [];
    });
  });
}

/** A view gets the stack handed to it, and shows it only if it says so. */
function isRendered({ callee, args: [view] }: Call, { repo }: Model): boolean {
  if (callee.kind !== "member" || callee.property !== "render") return true;
  const name = view?.kind === "literal" ? String(view.value) : null;
  const views = repo.files.filter(
    (file) => name !== null && /\.(ejs|pug|jade|hbs|handlebars|njk|html|mustache|eta)$/.test(file),
  );
  return views.some(
    (file) => posix.parse(file).name === posix.basename(name ?? "") && /\bstack\b/.test(repo.read(file) ?? ""),
  );
}

/** The function that answers, or every one that calls it, asks first where it runs. */
function isForDevelopers(call: Call, file: string, model: Model): boolean {
  const fn = model.fn(`${file}#${call.fn}`);
  if (fn === null) return false;
  if (isAsked.test(textOf(model, fn)) || /dev|debug|local/i.test(fn.name ?? "")) return true;
  const callers = model.callers(fn.id).flatMap((site) => model.fn(site.fn) ?? []);
  return callers.length > 0 && callers.every((caller) => isAsked.test(textOf(model, caller)));
}

/** A reply on what the handler was handed, or a response made by its framework. */
function isAnswer({ callee }: Call, summary: Summary): boolean {
  if (callee.kind !== "member" || !answers.has(callee.property)) return false;
  let at: Value = callee.object;
  for (;;) {
    if (at.kind === "member") at = at.object;
    else if (at.kind === "call") {
      const inner: Value | undefined = summary.calls[at.call]?.callee;
      if (inner === undefined) return false;
      at = inner;
    } else break;
  }
  return (
    at.kind === "param" ||
    (at.kind === "imported" && /^(NextResponse|Response)$/.test(at.name)) ||
    (at.kind === "name" && at.name === "Response")
  );
}

/** `err.stack` itself among what is sent, not one branch of a condition. */
function sendsStack({ args }: Call): boolean {
  return args.some((arg) => holdsStack(arg, 0));
}

function holdsStack(value: Value, depth: number): boolean {
  if (depth > 4) return false;
  if (value.kind === "member") return value.property === "stack";
  if (value.kind === "object") return value.entries.some((entry) => holdsStack(entry.value, depth + 1));
  if (value.kind === "array") return value.items.some((item) => holdsStack(item, depth + 1));
  return (
    value.kind === "template" && value.parts.some((part) => typeof part !== "string" && holdsStack(part, depth + 1))
  );
}

function stackMatch(file: string, { span }: Call): Match {
  return match(
    "debug-mode-on",
    { file, line: span.line },
    {
      title: "Errors show strangers the inside of the app",
      message:
        "Every error answers with its stack trace, in production too: file names, packages and versions that tell an attacker where to try next.",
      anchor: "stack trace in an answer",
    },
  );
}

/** Consoles on which anybody can try queries, switched on whatever the environment is. */
const consoleOptions: readonly { api: string; options: readonly string[] }[] = [
  { api: "express-graphql:graphqlHTTP", options: ["graphiql"] },
  { api: "express-graphql:", options: ["graphiql"] },
  { api: "apollo-server:ApolloServer", options: ["playground"] },
  { api: "apollo-server-express:ApolloServer", options: ["playground"] },
  { api: "apollo-server-koa:ApolloServer", options: ["playground"] },
  { api: "@nestjs/graphql:GraphQLModule.forRoot", options: ["playground", "graphiql"] },
  { api: "mercurius:", options: ["graphiql"] },
];

function consoles(model: Model): Match[] {
  // Without a place where the app runs, a console may well be there for its developers.
  if (!model.deploy.some(({ target }) => target !== "docker")) return [];
  return consoleOptions.flatMap(({ api, options }) =>
    model.usesOf(api).flatMap((use) => {
      const option = use.call.args
        .map((arg) => options.find((name) => isOn(arg, name)))
        .find((name) => name !== undefined);
      return option === undefined || model.context(use.call.file) !== "server" ? [] : [consoleMatch(use, option)];
    }),
  );
}

function isOn(arg: Known, option: string): boolean {
  const value = arg.kind === "object" ? arg.entries[option] : undefined;
  return value?.kind === "literal" && value.value === true;
}

function consoleMatch({ call }: Use, option: string): Match {
  return match("debug-mode-on", call, {
    title: "A query console is open to everybody",
    confidence: "medium",
    message: `\`${option}: true\` opens the query console in production as well: strangers can read the whole schema and try whatever it offers.`,
    call: call.id,
    anchor: `${option} console`,
  });
}

function developmentSettings(model: Model): Match[] {
  return [...inImages(model), ...inCompose(model), ...inScripts(model)];
}

function inImages(model: Model): Match[] {
  return shippedImages(model).flatMap(({ file, image }) => {
    const setting = settingsIn(image).findLast(({ name, isArg }) => name === "NODE_ENV" && !isArg);
    return setting !== undefined && isDevelopment(setting.value)
      ? [settingMatch({ file, line: setting.line }, "The image", file)]
      : [];
  });
}

function inCompose(model: Model): Match[] {
  return composedServices(model.repo).flatMap(({ file, line, name, purpose, build, environment }) =>
    purpose === "production" && build !== null && isDevelopment(environment["NODE_ENV"] ?? "")
      ? [settingMatch({ file, line }, `The compose service ${name}`, `${file} ${name}`)]
      : [],
  );
}

/** The script that production starts; one that starts a watcher is the developers' own. */
function inScripts(model: Model): Match[] {
  return answeringServices(model).flatMap(({ root, start, scripts, name }) => {
    const script = Object.keys(scripts).find((each) => scripts[each] === start);
    if (start === null || script === undefined || !/\bNODE_ENV=(dev|development)\b/.test(start)) return [];
    if (/nodemon|ts-node-dev|watch|\bdev\b(?!elopment)/.test(start)) return [];
    const file = root === "." ? "package.json" : `${root}/package.json`;
    const place: Place = { file, line: lineHolding(model.repo.read(file) ?? "", `"${script}"`) };
    return [settingMatch(place, `The ${script} script`, name)];
  });
}

function isDevelopment(value: string): boolean {
  return /^(dev|development)$/.test(value.trim());
}

function settingMatch(place: Place, what: string, anchor: string): Match {
  return match("debug-mode-on", place, {
    title: "Production runs with the developers' settings",
    message: `${what} starts the app with NODE_ENV=development: error pages show stack traces, and frameworks leave out the caches and checks they have for production.`,
    anchor: `NODE_ENV ${anchor}`,
  });
}
