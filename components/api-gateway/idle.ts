/** Handlers that only promise: a route by the name of `send-code` whose code sends nothing yet. */
import { callsOf } from "../../analyzers/code/calls-in.ts";
import { closureOf } from "../../analyzers/code/closure.ts";
import { calledName } from "../../analyzers/flow/calls.ts";
import { indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Model, Route } from "../../analyzers/model.ts";

/** Functions that answer, log or look at what was sent. */
const answering =
  /^(global:(console\.\w+|JSON\.\w+|String|Number|Boolean|Date|Math\.\w+|Response(\.\w+)?|Promise\.\w+|setTimeout|parseInt|Error)(\(\))?|@sveltejs\/kit:(json|text|fail|error|redirect)|next\/server:NextResponse(\.\w+)?|@remix-run\/[\w-]+:(json|redirect|data)|react-router:(data|redirect)|h3:\w+)$/;
const frameworks = /^(@sveltejs\/kit|next\/server|@remix-run\/[\w-]+|react-router|h3|zod|global):/;
const looking =
  /(^|\.)(json|formData|text|get|has|includes|trim|toLowerCase|toString|startsWith|endsWith|test|match|replace|slice|split|parse|safeParse|now|toISOString|log|info|warn|error)$/;

/** Whether nothing that the route's handlers may run does more than answer. */
export function isIdle({ handlers }: Route, model: Model): boolean {
  const fns = handlers.flatMap(({ fn }) => fn ?? []);
  return (
    fns.length === handlers.length &&
    fns.every((id) =>
      [...closureOf({ id }, model)].every((fn) => callsOf(fn, model).every((call) => isLight(call, model))),
    )
  );
}

function isLight(call: CallSite, model: Model): boolean {
  const uses = model.usesAt(call);
  const isPlain = (api: string): boolean => answering.test(api) || (frameworks.test(api) && looking.test(api));
  if (uses.length > 0) return uses.every(({ api, kind }) => kind === "log" || (kind === null && isPlain(api)));
  if (model.targets(call).length > 0) return true;
  const callee = model.summary(call.file)?.calls[indexIn(call.id)]?.callee;
  return callee !== undefined && looking.test(calledName(callee));
}
