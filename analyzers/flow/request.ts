/** Which parameters hold what a user sent. */
import { indexIn } from "../ids.ts";
import type { Handler, Model } from "../model.ts";
import type { Param, Summary, Value } from "../summary.ts";

const names = /^_?(req|request|ctx|context|event|searchParams|formData)$/i;
const types = /^(\w*Request|\w*Context|Ctx|NextApiRequest|APIGatewayProxyEvent\w*)$/;
const replies = /^_?(res|resp|response|reply|next|done|err|error)$/i;
/** NestJS and its like: the parameter is a part of the request. */
const decorators = new Set(["Body", "Query", "Param", "Params", "Req", "Request", "Headers", "Args"]);

const handlers = new WeakMap<Model, ReadonlySet<string>>();

/** Functions that are a route's handler, not its middleware. */
export function handlerFns(model: Model): ReadonlySet<string> {
  const known =
    handlers.get(model) ??
    new Set(
      model.routes.flatMap(({ handlers: own, middleware }) =>
        [...own, ...middleware.filter(isLayout)].flatMap(({ fn }) => fn ?? []),
      ),
    );
  handlers.set(model, known);
  return known;
}

/** What a layout of SvelteKit loads is part of the answer of every page below it. */
function isLayout({ place: { file } }: Handler): boolean {
  return /(^|\/)\+layout(\.server)?\.[jt]s$/.test(file);
}

/** Whether a parameter is the request, a part of it, or what a form or a remote call hands to its procedure. */
export function isRequest(model: Model, fn: string, param: Param, summary: Summary): boolean {
  const name = param.name ?? "";
  if (replies.test(name)) return false;
  if (names.test(name) || types.test(param.type ?? "")) return true;
  if (param.decorators?.some((call) => decorators.has(decoratorName(summary, call))) === true) return true;
  if (summary.language === "python") return handlerFns(model).has(fn) && isSent(fn, param, summary);
  return handlerFns(model).has(fn) && (param.name === null || model.routes.some((route) => isProcedure(route, fn)));
}

/** FastAPI fills a handler's parameters from the request, unless `Depends(...)` stands there, or a type whose alias says so. */
function isSent(fn: string, { name, type }: Param, summary: Summary): boolean {
  const bound = summary.functions[indexIn(fn)]?.bindings[name ?? ""] ?? [];
  const isMade = bound.some((value) => {
    const callee = value.kind === "call" ? summary.calls[value.call]?.callee : undefined;
    return callee !== undefined && "name" in callee && /^(Depends|Security)$/.test(callee.name);
  });
  return !isMade && !/Dep(s|endency)?$|Session|^Db$|^DB$|Current|User$/.test(type ?? "");
}

/** Pipes of Nest that say what a value is, not how large it may be. */
const plainPipes = /^(ParseIntPipe|ParseFloatPipe|DefaultValuePipe)$/;

/** `@Query("limit", ParseIntPipe) size`: the name under which the request brings it; none where a pipe of the app's own may bound it. */
export function sentAs({ decorators: own = [] }: Param, { calls }: Summary): string[] {
  return own.flatMap((index) => {
    const call = calls[index];
    const [name, ...pipes] = call?.args ?? [];
    const isNamed = call !== undefined && call.callee.kind === "imported" && decorators.has(call.callee.name);
    if (!isNamed || name?.kind !== "literal" || typeof name.value !== "string") return [];
    return pipes.every((pipe) => plainPipes.test(pipeName(pipe, calls))) ? [name.value] : [];
  });
}

function pipeName(pipe: Value, calls: Summary["calls"]): string {
  const made = pipe.kind === "call" ? calls[pipe.call]?.callee : pipe;
  return made?.kind === "imported" ? made.name : "";
}

function isProcedure({ via, handlers: own }: Model["routes"][number], fn: string): boolean {
  return via !== "http" && via !== "page" && own.some((handler) => handler.fn === fn);
}

function decoratorName(summary: Summary, call: number): string {
  const callee = summary.calls[call]?.callee;
  if (callee?.kind === "imported" || callee?.kind === "name") return callee.name;
  return callee?.kind === "member" ? callee.property : "";
}
