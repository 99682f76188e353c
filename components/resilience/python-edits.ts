/** Time limits in Python code: one keyword more in a call, one setting more in a file of settings. */
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Model, Place } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { budgets } from "./budgets.ts";
import { budgetFor } from "./http-clients.ts";

/** Clients whose calls take the limit in seconds, as `timeout`; AIOHTTP's wants an object of its own. */
const inSeconds = /^pypi:(requests|urllib|urllib3):/;

/** What answers in its own time: a model that writes for a minute is not hanging. */
const models =
  /llm|prompt|openai|anthropic|ollama|gemini|\bgpt|claude|completion|embedding|inference|hugging_?face|whisper|replicate|stable_?diffusion|generat/i;

/** Null for other clients, for what may be a model, and where the call's arguments are not plainly written out. */
export function pythonHttpEdit(call: CallSite, model: Model): Edit | null {
  const [use] = model.usesAt(call);
  const own = model.fn(call.fn);
  const text = own === null ? "" : textOf(model, own);
  if (use === undefined || models.test(text)) return null;
  const seconds = Number(budgetFor(text)) / 1000;
  if (inSeconds.test(use.api)) return withKeyword(call, `timeout=${seconds}`, model);
  const isNamed = /^import aiohttp$/m.test(model.repo.read(call.file) ?? "");
  return use.api.startsWith("pypi:aiohttp:") && isNamed
    ? withKeyword(call, `timeout=aiohttp.ClientTimeout(total=${seconds})`, model)
    : null;
}

/** `smtplib.SMTP(host, port)`: one limit for the connection and for every answer. */
export function pythonMailEdit(call: CallSite, model: Model): Edit | null {
  return withKeyword(call, `timeout=${mailSeconds}`, model);
}

const mailSeconds = Number(budgets.mail.socketTimeout) / 1000;

/** `EMAIL_TIMEOUT` behind `EMAIL_HOST`; null where that runs over several lines. */
export function djangoTimeoutEdit({ file, line }: Place, { repo }: Model): Edit | null {
  const text = repo.read(file) ?? "";
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const [start = 0, end = text.length] = [starts[line - 1], starts[line]];
  const written = text.slice(start, end).trimEnd();
  const opened = written.split(/[([{]/).length;
  if (!/^EMAIL_HOST\s*=/.test(written) || written.endsWith("\\") || opened !== written.split(/[)\]}]/).length)
    return null;
  const lead = text.slice(0, end).endsWith("\n") ? "" : "\n";
  return { kind: "replace", file, start: end, end, text: `${lead}EMAIL_TIMEOUT = ${mailSeconds}\n` };
}

/** A keyword behind the last argument, on a line of its own where the arguments have theirs. */
function withKeyword({ file, span }: CallSite, keyword: string, { repo }: Model): Edit | null {
  const text = repo.read(file) ?? "";
  const call = text.slice(span.start, span.end);
  if (!call.endsWith(")") || call.includes("timeout")) return null;
  const inner = call.slice(0, -1).trimEnd();
  const last = inner.slice(inner.lastIndexOf("\n") + 1);
  // A comment behind the last argument would swallow the keyword; one further up is out of the way.
  if (last.includes("#") || /\*\*?\w[\w.]*,?$/.test(last)) return null;
  const at = span.start + inner.length;
  const isOpen = inner.endsWith("(");
  const isSpread = call.slice(inner.length, -1).includes("\n") && !isOpen;
  const indent = /^[ \t]*/.exec(last)?.[0] ?? "";
  const comma = inner.endsWith(",");
  const added = isSpread
    ? `${comma ? "" : ","}\n${indent}${keyword}${comma ? "," : ""}`
    : `${isOpen ? "" : comma ? " " : ", "}${keyword}`;
  return { kind: "replace", file, start: at, end: at, text: added };
}
