/** Closes doors that let every website in together with cookies: to those that the settings name, or to cookies. */
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import type { EnvVar } from "../../patches/edit.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { type Options, optionsAt } from "../../patches/editors/option-literals.ts";
import { freeName } from "../../patches/editors/imports.ts";
import { openSource, type Source } from "../../patches/editors/source.ts";
import { insertBefore, statementAt } from "../../patches/editors/statements.ts";
import type { Finding } from "../finding.ts";
import { byHandBrief } from "./by-hand.ts";
import { corsOptions } from "./cors.ts";
import type { Outcome } from "./outcome.ts";
import type { Work } from "./limit-work.ts";

const variable: EnvVar = {
  name: "CORS_ORIGINS",
  example: "https://app.example.com,https://www.example.com",
  note: "The websites that may call with cookies, separated by commas",
};
/** How apps name the address of their own pages. */
const pages =
  /^((FRONT_?END|CLIENT|WEB|SITE|WEBSITE|UI)(_(BASE|APP|SITE))?_?(URL|ORIGIN|DOMAIN_URL)|CORS_ORIGINS?|ALLOWED_ORIGINS?)$/;

const nobodyCould =
  "Cookies were never sent here: browsers refuse any origin together with them, so `credentials` was taken out. Name the websites before cookies are needed.";

export function mendCors(finding: Finding, model: Model): Work {
  const call = finding.call === null ? null : model.call(finding.call);
  const mended = call === null ? { cannot: "it is opened by headers that code sets" } : mend(call, model);
  if ("cannot" in mended) {
    const brief = byHandBrief(finding, mended.cannot);
    const outcomes: Outcome[] = [{ finding, brief }];
    return { outcomes, edits: [], notes: [], env: [] };
  }
  return { outcomes: [{ finding, brief: null }], ...mended };
}

type Mended = Pick<Work, "edits" | "notes" | "env"> | { cannot: string };

function mend(call: CallSite, model: Model): Mended {
  const found = corsOptions(model, call);
  const source = openSource(model.repo, call.file);
  const service = model.service(call.file);
  if (found === null || source === null || service === null)
    return { cannot: "it is opened by headers that code sets" };
  const literal = optionsAt(source, call.span, found.at, found.under);
  if (literal === null) return { cannot: "the options are not written at the call" };
  const { options } = found;
  const origin = options.kind === "object" ? options.entries["origin"] : undefined;
  const isAny = origin === undefined || (origin.kind === "literal" && origin.value === "*");
  if (isAny) return withoutCookies(literal);
  if (origin.kind !== "fn" && !(origin.kind === "literal" && origin.value === true))
    return { cannot: "several origins stand there, among them every one" };
  if (model.usesAt(call).some(({ api }) => api.startsWith("hono")))
    return { cannot: "Hono takes a list or a function, and which websites are meant is not in the code" };
  return named(literal, source, call, service, model);
}

function withoutCookies(literal: Options): Mended {
  const edits = literal.without("credentials");
  return edits === null
    ? { cannot: "`credentials` is not written at the call" }
    : { edits, notes: [nobodyCould], env: [] };
}

/** Only where the app knows its pages' address already: else the front end would be shut out until somebody sets it. */
function named(literal: Options, source: Source, call: CallSite, service: Service, model: Model): Mended {
  const [own] = service.env.flatMap(({ name, default: otherwise }) =>
    pages.test(name) && otherwise !== "*" ? [name] : [],
  );
  if (own === undefined) return { cannot: "which websites belong to the app is not in the code" };
  const read = own === variable.name ? `process.env.${own}` : `process.env.CORS_ORIGINS || process.env.${own}`;
  const statement = statementAt(source, call.span.start);
  const name = freeName(source, "allowedOrigins");
  const edits = literal.set("origin", name);
  const list = [
    `const ${name} = [`,
    `  ...(${read} || "")`,
    '    .split(",")',
    '    .map((each) => each.trim().replace(/\\/$/, "")),',
    '  ...(process.env.NODE_ENV === "production" ? [] : [/^http:\\/\\/localhost:\\d+$/]),',
    "];",
  ].join("\n");
  return edits === null || statement === null
    ? { cannot: "the origin is not written at the call" }
    : {
        edits: [insertBefore(source, statement, list), ...edits, ...addEnv(model.repo, service.root, [variable])],
        notes: [noteOf(own)],
        env: [variable],
      };
}

function noteOf(own: string): string {
  return `Websites that may call with cookies: those in CORS_ORIGINS, without it the one in ${own}, and pages on localhost outside production. Set it before the patch goes live if the front end has further addresses.`;
}
