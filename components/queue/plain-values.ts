/** Whether an argument survives the way through a queue: JSON and dates do; requests, streams, clients and functions do not. */
import { indexIn } from "../../analyzers/ids.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Call, Summary, Value } from "../../analyzers/summary.ts";

interface Scope {
  model: Model;
  file: string;
  summary: Summary;
  /** How many more steps may be taken before the value counts as unknown. */
  steps: number;
}

/** Why the value cannot be stored in a job, in a few words; null when it can. */
export function obstacleIn(value: Value, model: Model, file: string): string | null {
  const summary = model.summary(file);
  return summary === null ? "its file could not be read" : obstacle(value, { model, file, summary, steps: 8 });
}

function obstacle(value: Value, scope: Scope): string | null {
  if (scope.steps === 0) return null;
  const inner = { ...scope, steps: scope.steps - 1 };
  switch (value.kind) {
    case "literal":
    case "template":
      return null;
    case "object":
      return first([...value.entries.map((entry) => entry.value), ...value.spreads], inner);
    case "array":
      return first(value.items, inner);
    case "either":
      return first(value.of, inner);
    case "name":
      return first(valuesOf(value, scope), inner);
    case "param":
      return ofParameter(value, inner);
    case "member":
      return ofMember(value, inner);
    case "call":
      return ofCall(scope.summary.calls[value.call], inner);
    case "fn":
      return "a function";
    case "class":
      return "a class";
    case "this":
      return "the object itself (`this`)";
    case "imported":
      return null;
    case "operation":
    case "unknown":
      return null;
  }
}

function first(values: readonly Value[], scope: Scope): string | null {
  for (const value of values) {
    const found = obstacle(value, scope);
    if (found !== null) return found;
  }
  return null;
}

/** What a name was set to; a name without a binding is a global or a caught error. */
function valuesOf({ name, fn }: Extract<Value, { kind: "name" }>, { summary }: Scope): Value[] {
  const bindings = summary.functions[fn]?.bindings ?? {};
  return Object.hasOwn(bindings, name) ? (bindings[name] ?? []) : [];
}

const requestNames = /^(req|request|_req)$/;
const livingNames =
  /^(res|response|reply|ctx|context|next|socket|io|app|server|trx|tx|client|session|transaction|stream|emitter)$/;
const livingTypes =
  /^(Request|Response|NextFunction|FastifyRequest|FastifyReply|Context|Express|Application|Router|Socket|Server|Buffer|Uint8Array|Readable|Writable|Stream|ReadStream|PoolClient|Pool|Client|Transaction|PrismaClient|EntityManager|Knex|Function|Blob|File|FormData|AbortSignal|EventEmitter)$/;

function ofParameter({ fn, index }: Extract<Value, { kind: "param" }>, { summary }: Scope): string | null {
  const parameter = summary.functions[fn]?.params[index];
  const name = parameter?.name ?? null;
  if (parameter?.type !== null && parameter?.type !== undefined && livingTypes.test(parameter.type))
    return `a ${parameter.type}`;
  if (name !== null && (livingNames.test(name) || requestNames.test(name))) return `\`${name}\``;
  return null;
}

/** `req.body.email` is plain data, `req` itself and its files and sockets are not. */
function ofMember(value: Extract<Value, { kind: "member" }>, scope: Scope): string | null {
  const path = pathOf(value);
  const root = path.root;
  if (root.kind === "param" && isRequest(root, scope.summary)) {
    const [head = ""] = path.members;
    return /^(body|params|query|user|headers|ip|id|auth|userId|cookies|hostname|originalUrl|url|method|path)$/.test(
      head,
    )
      ? null
      : `\`req.${head}\``;
  }
  const last = path.members.at(-1) ?? "";
  if (/^(buffer|stream|pipe|socket|connection)$/.test(last)) return `a ${last}`;
  if (root.kind === "this" || root.kind === "imported") return null;
  return root.kind === "call" && path.members.length > 0 ? null : obstacle(root, scope);
}

function pathOf(value: Value): { root: Value; members: string[] } {
  if (value.kind !== "member") return { root: value, members: [] };
  const { root, members } = pathOf(value.object);
  return { root, members: [...members, value.property] };
}

function isRequest({ fn, index }: Extract<Value, { kind: "param" }>, summary: Summary): boolean {
  const parameter = summary.functions[fn]?.params[index];
  return (
    requestNames.test(parameter?.name ?? "") || parameter?.type === "Request" || parameter?.type === "FastifyRequest"
  );
}

const livingResults =
  /(createReadStream|createWriteStream|readFile|readFileSync|toBuffer|arrayBuffer|\.connect|createTransport|createClient|Buffer\.\w+|pipe|getConnection|startSession|transaction)$/;

function ofCall(call: Call | undefined, scope: Scope): string | null {
  if (call === undefined) return null;
  const callee = calleeName(call.callee);
  if (livingResults.test(callee)) return `what \`${callee}\` returns`;
  if (call.isNew && !/^(Date|String|Number|Array|Object)$/.test(callee)) return `a \`${callee}\``;
  return ofReturns(call, scope);
}

/** The values that the app's own function returns, looked at where it stands. */
function ofReturns(call: Call, scope: Scope): string | null {
  const site = scope.model.call(`${scope.file}#${scope.summary.calls.indexOf(call)}`);
  for (const target of site === null ? [] : scope.model.targets(site)) {
    const summary = scope.model.summary(target.file);
    const returns = summary?.functions[indexIn(target.id)]?.returns ?? [];
    const found = summary === null ? null : first(returns, { ...scope, file: target.file, summary });
    if (found !== null) return found;
  }
  return null;
}

function calleeName(value: Value): string {
  if (value.kind === "member") return `${calleeName(value.object)}.${value.property}`;
  if (value.kind === "imported") return value.name;
  return value.kind === "name" ? value.name : "";
}
