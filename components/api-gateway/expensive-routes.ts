/** Recognises routes on which each call costs money or much work. */
import { closureOf } from "../../analyzers/code/closure.ts";
import { textOf } from "../../analyzers/code/text.ts";
import type { Handler, Model, Reach, Route, Use } from "../../analyzers/model.ts";

export interface Expense {
  /** What a call does, as the end of a sentence: "asks a model". */
  does: string;
  use: Use | null;
  reach: Reach | null;
  /** False where the way there rests on a guess, or on a call that may run one of several functions (`jobs[name]()`). */
  isSure: boolean;
  /** What costs so little per call that a logged-in user is trusted with it. */
  isSmall: boolean;
}

const kinds: Readonly<Partial<Record<NonNullable<Use["kind"]>, { does: string; rank: number; isSmall: boolean }>>> = {
  model: { does: "asks a model", rank: 0, isSmall: false },
  payment: { does: "starts a payment", rank: 1, isSmall: false },
  pdf: { does: "renders a PDF", rank: 3, isSmall: false },
  image: { does: "works on images", rank: 4, isSmall: false },
  mail: { does: "sends a mail", rank: 5, isSmall: true },
};
const smsApi = /^(twilio|pypi:twilio|@aws-sdk\/client-sns|messagebird|plivo|@vonage\/[\w-]+):/;
const sms = { does: "sends a text message", rank: 2, isSmall: false };
const upload = { does: "takes an upload", rank: 6, isSmall: true };
const startsPayment =
  /:(checkout\.Session|PaymentIntent|PaymentLink|Charge|SetupIntent|Subscription|Invoice)\.(create|create_async|confirm|capture|pay)$|(paymentIntents|paymentLinks|charges|checkout\.sessions|setupIntents|subscriptions|orders|payments|transactions?|invoices)\b.*\.(create|confirm|sale|charge|capture|pay)$|\.(charge|createPayment|createOrder|sale)$/;
const uploadApi =
  /^(multer|@koa\/multer|koa-multer|express-fileupload|formidable|busboy|multiparty):|^@nestjs\/platform-express:(File|Files|AnyFiles|FileFields)Interceptor/;
/** Parsers that an app mostly puts before all of its routes, whatever they take. */
const forAll = /^(express-fileupload|multiparty|formidable):|^(multer|@koa\/multer|koa-multer):.*\.any\(?\)?$/;
/** How handlers of Fastify take a file; its plugin only makes them able to. */
const takesFile = /^fastify:FastifyRequest\(\)\.(file|files|parts|saveRequestFiles)$/;

/** The costliest thing that each route does, what is sure before what is not, by route id. */
export function expenses(model: Model): ReadonlyMap<string, Expense> {
  const found = new Map<string, Expense & { rank: number }>();
  const keep = (routeId: string, expense: Expense & { rank: number }): void => {
    const known = found.get(routeId);
    if (known === undefined || expense.rank < known.rank) found.set(routeId, expense);
  };
  const callbacks = optionCallbacks(model);
  for (const use of model.uses) {
    const kind = kindOf(use);
    if (kind === null) continue;
    for (const reach of model.reach(use.call)) {
      if (reach.entry.routeId === null) continue;
      const isSure =
        reach.certainty === "proven" &&
        !callbacks.has(`${reach.entry.routeId} ${reach.entry.fn}`) &&
        reach.calls.every((call) => model.targets(call).length <= 1);
      keep(reach.entry.routeId, { ...kind, rank: kind.rank + (isSure ? 0 : 10), use, reach, isSure });
    }
  }
  for (const route of model.routes) {
    if (takesFiles(route, model)) keep(route.id, { ...upload, use: null, reach: null, isSure: true });
  }
  return found;
}

/** By a parser of its own, or by one for all routes whose files its handlers look at. */
function takesFiles({ middleware, handlers, registration, method }: Route, model: Model): boolean {
  const parsers = [...middleware, ...handlers].filter(
    ({ api }) => api !== null && uploadApi.test(api) && !api.includes(".none"),
  );
  if (parsers.some(({ api }) => !forAll.test(api ?? ""))) return true;
  if (parsers.length === 0 || /^(GET|HEAD|OPTIONS)$/.test(method)) return false;
  const isOwn = ({ construction: at }: Handler): boolean =>
    at !== null &&
    at.file === registration?.file &&
    registration.span.start <= at.span.start &&
    at.span.end <= registration.span.end;
  return parsers.some(isOwn) || handlers.some(({ fn }) => fn !== null && readsFiles(fn, model));
}

/** `req.files.sheet`, `ctx.request.files`, `const { files } = req`. */
const ofRequest = /\b(req|request|ctx)\??\.files?\b|\{[^{}]*\bfiles?\b[^{}]*\}\s*=\s*(req|request|ctx)\b/;

function readsFiles(start: string, model: Model): boolean {
  return [...closureOf({ id: start }, model)].some((id) => {
    const fn = model.fn(id);
    return fn !== null && !fn.isModule && ofRequest.test(textOf(model, fn));
  });
}

/** What a package calls at times of its own: not every request of the route comes to it. */
function optionCallbacks({ routes }: Model): ReadonlySet<string> {
  return new Set(
    routes.flatMap(({ id, handlers }) =>
      handlers.flatMap(({ fn, also = [] }) => (fn === null ? also.map((each) => `${id} ${each}`) : [])),
    ),
  );
}

function kindOf(use: Use): { does: string; rank: number; isSmall: boolean } | null {
  if (takesFile.test(use.api)) return upload;
  if (smsApi.test(use.api) && (use.kind === "push" || /\.create$|\.send$|\.publish$/.test(use.api))) return sms;
  if (use.kind === "payment" && !startsPayment.test(use.api)) return null;
  return (use.kind === null ? undefined : kinds[use.kind]) ?? null;
}
