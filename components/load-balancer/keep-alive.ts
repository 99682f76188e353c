/** Lets the app keep idle connections longer than the proxy before it does. */
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt } from "../../patches/editors/calls.ts";
import { homeOf, type Home } from "../../patches/editors/homes.ts";
import { freeName } from "../../patches/editors/imports.ts";
import { insert, openSource, type Source } from "../../patches/editors/source.ts";
import { insertAfter, insertBefore } from "../../patches/editors/statements.ts";
import type { Finding } from "../finding.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Milliseconds: AWS's load balancers keep idle connections for 60 seconds unless told otherwise, nginx those to its upstreams
 * for 60 (`keepalive_timeout` of an upstream) and those to its clients for 75.
 */
const longer = "76_000";
const longest = "77_000";

/** Methods of a server that return the server. */
const serverChain = /^(on|once|addListener|prependListener|setTimeout|ref|unref|listen)$/;

export function mendKeepAlive({ call: id }: Finding, model: Model): Outcome {
  const listen = id === null ? null : model.call(id);
  const service = listen === null ? null : model.service(listen.file);
  const source = listen === null ? null : openSource(model.repo, listen.file);
  if (listen === null || service === null || source === null)
    return { cannot: "the file that listens could not be read" };
  const edits = edited(source, listen, model, service);
  return edits === null
    ? { cannot: "no statement can follow the call that listens" }
    : {
        edits,
        notes: [
          "Idle connections now stay open for 76 seconds: set `keepAliveTimeout` above the proxy's own time where that was raised.",
        ],
      };
}

function edited(source: Source, listen: CallSite, model: Model, service: Service): Edit[] | null {
  const receiver = (callAt(source, listen.span)?.callee ?? "").replace(/\??\.listen$/, "");
  const isServer = model
    .usesAt(listen)
    .every(({ api, certainty }) => /^node:https?:/.test(api) && certainty === "proven");
  const code = (server: string): string => settings(server, model, service);
  const home = homeOf(source, listen.span, serverChain);
  if (home === null) return null;
  if (isServer && /^[A-Za-z_$][\w$]*$/.test(receiver) && "statement" in home)
    return [insertBefore(source, home.statement, code(receiver))];
  return atHome(source, home, code);
}

function atHome(source: Source, home: Home, code: (server: string) => string): Edit[] | null {
  if (home.kind === "named") return [insertAfter(source, home.statement, code(home.name))];
  if (home.kind !== "unused") return null;
  const name = ["server", "httpServer"].find((each) => freeName(source, each) === each) ?? freeName(source, "server");
  return [insert(source, home.expression.start, `const ${name} = `), insertAfter(source, home.statement, code(name))];
}

/** Before Node 18 a connection was closed by the time that its headers may take, too (60 seconds). */
function settings(server: string, model: Model, service: Service): string {
  const why = "// Longer than the proxy keeps idle connections, or it sends a request into a closing one.\n";
  const set = `${why}${server}.keepAliveTimeout = ${longer};`;
  return isHeldBelow(model, service, 18) ? `${set}\n${server}.headersTimeout = ${longest};` : set;
}
