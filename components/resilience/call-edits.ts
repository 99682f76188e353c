/** The edits for one finding, at the call it is about. */
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Model, Use } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { Edit } from "../../patches/edit.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import { openSource } from "../../patches/editors/source.ts";
import { wrapInTry } from "../../patches/editors/statements.ts";
import type { Finding } from "../finding.ts";
import { budgets } from "./budgets.ts";
import { budgetFor, clientOf, makerOf } from "./http-clients.ts";
import { callsToBound, httpRule } from "./http-timeouts.ts";
import { logCall } from "./log-call.ts";
import { djangoTimeoutEdit, pythonHttpEdit, pythonMailEdit } from "./python-edits.ts";
import { clientsToBound, kindOf, openCalls, sdkOf, sdkRule } from "./sdk-timeouts.ts";
import { smtpRule } from "./smtp-timeouts.ts";

/** Null when the place cannot be edited safely. */
export function editsFor(finding: Finding, model: Model): Edit[] | null {
  const call = finding.call === null ? null : model.call(finding.call);
  if (isPython(finding.file)) return pythonEdits(finding, call, model);
  if (call === null) return null;
  switch (finding.rule) {
    case httpRule:
      return eachOf(callsToBound(call, model), (one) => httpEdits(one, model));
    case smtpRule:
      return optionEdits(call, 0, missingFrom(call, 0, budgets.mail), model);
    case sdkRule:
      return eachOf(clientsToBound(call, model), (each) => sdkEdits(each, model));
    default:
      return isolationEdits(call, model);
  }
}

function pythonEdits(finding: Finding, call: CallSite | null, model: Model): Edit[] | null {
  if (finding.rule === httpRule && call !== null)
    return eachOf(callsToBound(call, model), (one) => listed(pythonHttpEdit(one, model)));
  if (finding.rule !== smtpRule) return null;
  return listed(call === null ? djangoTimeoutEdit(finding, model) : pythonMailEdit(call, model));
}

function listed(edit: Edit | null): Edit[] | null {
  return edit === null ? null : [edit];
}

/** All or nothing: what cannot be edited at one place is for its author at all of them. */
function eachOf<Place>(places: readonly Place[], editsOf: (place: Place) => Edit[] | null): Edit[] | null {
  const each = places.map(editsOf);
  return each.every((edits) => edits !== null) ? each.flat() : null;
}

function httpEdits(call: CallSite, model: Model): Edit[] | null {
  const [use] = model.usesAt(call);
  if (use === undefined) return null;
  const maker = makerOf(use);
  const client = maker ?? clientOf(use);
  if (client === null || client.index === null) return null;
  const calls = maker === null ? [use.call] : model.usesOn(use.call).map((made) => made.call);
  const owners = [...new Set(calls.map(({ fn }) => fn))].flatMap((id) => model.fn(id) ?? []);
  const text = owners.map((own) => textOf(model, own)).join("\n");
  return optionEdits(use.call, client.index, client.option(budgetFor(text)), model);
}

function sdkEdits(use: Use, model: Model): Edit[] | null {
  const sdk = sdkOf(use, kindOf(use, model));
  if (sdk === null) return null;
  const { fact, budget, option } = sdk;
  if (fact.timeoutOn === "call") {
    return eachOf(
      openCalls(use, model).map(({ call }) => call),
      (call) => optionEdits(call, fact.optionsAt, { [option]: budget.milliseconds }, model),
    );
  }
  const options = {
    [option]: budget.milliseconds,
    ...(fact.retries === null ? {} : { [fact.retries.option]: budget.retries }),
  };
  return optionEdits(use.call, fact.optionsAt, missingFrom(use.call, fact.optionsAt, options), model);
}

function optionEdits(
  call: CallSite,
  index: number,
  options: Readonly<Record<string, string>>,
  model: Model,
): Edit[] | null {
  const source = openSource(model.repo, call.file);
  const shareable = Object.values(options).every((value) => /^\d+$/.test(value));
  return source === null ? null : setOptions(source, call.span, index, options, shareable ? "define" : "spread");
}

/** What the author has set stays. */
function missingFrom(
  { args }: CallSite,
  index: number,
  options: Readonly<Record<string, string>>,
): Record<string, string> {
  const given = args[index];
  const known = given?.kind === "object" ? given.entries : {};
  return Object.fromEntries(Object.entries(options).filter(([key]) => !(key in known)));
}

function isolationEdits(call: CallSite, model: Model): Edit[] | null {
  const source = openSource(model.repo, call.file);
  if (source === null) return null;
  const text = source.text.slice(call.span.start, call.span.end);
  const name = /^[\w$.]+/.exec(text)?.[0] ?? "A side matter";
  return wrapInTry(source, call.statement, logCall(source, model, `${name} failed; the request goes on`));
}
