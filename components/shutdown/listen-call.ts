/** Edits at the call that listens: the server gets a name and is handed to the module that stops it. */
import type { CallSite, Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt } from "../../patches/editors/calls.ts";
import { blockAround, homeOf, type Home } from "../../patches/editors/homes.ts";
import { freeName } from "../../patches/editors/imports.ts";
import { insert, type Source, textOf } from "../../patches/editors/source.ts";
import { insertAfter } from "../../patches/editors/statements.ts";

/** Methods of a server that return the server. */
const serverChain = /^(on|once|addListener|prependListener|setTimeout|ref|unref|listen)$/;
/** Something that can be named again further down: `app`, `this.app`. */
export const plain = /^(this|[A-Za-z_$][\w$]*)(\.[A-Za-z_$][\w$]*)*$/;

/**
 * `call(server)` writes the call for a server expression. Only a Node server is handed over itself; what else listens (an
 * Express app, or now one and then the other) gives the server back from `listen`.
 */
export function handServerTo(source: Source, listen: CallSite, model: Model, call: (server: string) => string): Edit[] {
  const object = receiverOf(source, listen);
  const home = homeOf(source, listen.span, serverChain);
  if (home === null) return [];
  if (plain.test(object) && isServer(model, listen) && "statement" in home)
    return [insertAfter(source, home.statement, `${call(object)};`)];
  return atHome(source, home, call);
}

export function receiverOf(source: Source, listen: CallSite): string {
  return (callAt(source, listen.span)?.callee ?? "").replace(/\??\.listen$/, "");
}

function isServer(model: Model, listen: CallSite): boolean {
  const uses = model.usesAt(listen);
  return uses.every(({ api, certainty }) => /^node:https?:/.test(api) && certainty === "proven");
}

function atHome(source: Source, home: Home, call: (server: string) => string): Edit[] {
  switch (home.kind) {
    case "named":
      return [insertAfter(source, home.statement, `${call(home.name)};`)];
    case "unused": {
      const name =
        ["server", "httpServer"].find((each) => freeName(source, each) === each) ?? freeName(source, "server");
      return [
        insert(source, home.expression.start, `const ${name} = `),
        insertAfter(source, home.statement, `${call(name)};`),
      ];
    }
    case "elsewhere": {
      const [before = "", after = ""] = call("\0").split("\0");
      return [insert(source, home.expression.start, before), insert(source, home.expression.end, after)];
    }
    case "field":
      return [];
  }
}

/** The expression for the Express app where the server is handed over; null when none is in reach there. */
export function appExpression(model: Model, source: Source, listen: CallSite): string | null {
  const object = receiverOf(source, listen);
  const uses = model.usesAt(listen);
  if (uses.some(({ api }) => api.startsWith("express:"))) return plain.test(object) ? object : null;
  const [creation] = uses.flatMap(({ construction }) => construction ?? []);
  if (creation === undefined || creation.args.some(({ kind }) => kind === "fn")) return null;
  return (
    (creation.file === source.file ? appHandedTo(creation, source, listen, model) : null) ??
    appAround(model, source, listen)
  );
}

/** `createServer(app)` in the same file. */
function appHandedTo(creation: CallSite, source: Source, listen: CallSite, model: Model): string | null {
  const holdsApp = creation.args.findIndex((arg) => arg.kind === "external" && arg.api.startsWith("express:()"));
  const range = callAt(source, creation.span)?.args[holdsApp];
  const text = range === undefined ? "" : textOf(source, range);
  const inScope = creation.fn === listen.fn || model.fn(creation.fn)?.isModule === true || text.startsWith("this.");
  return inScope && plain.test(text) ? text : null;
}

/** The one app of the file that has a name where the server listens: it was given to what made the server elsewhere. */
function appAround(model: Model, source: Source, listen: CallSite): string | null {
  const names = model
    .usesOf("express:")
    .filter(({ api, call }) => api === "express:" && call.file === source.file && call.span.end <= listen.span.start)
    .flatMap(({ call }) => {
      const home = homeOf(source, call.span, /^(use|set|enable|disable)$/);
      if (home?.kind !== "named" || home.name.includes(".")) return [];
      const scope = blockAround(source, home.statement);
      return scope.start <= listen.span.start && listen.span.end <= scope.end ? [home.name] : [];
    });
  const [name = null] = names;
  return names.length === 1 ? name : null;
}
