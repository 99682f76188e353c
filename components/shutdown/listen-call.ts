/** Edits at the call that listens: the server gets a name and is handed to the module that stops it. */
import type { CallSite, Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt } from "../../patches/editors/calls.ts";
import { homeOf, type Home } from "../../patches/editors/homes.ts";
import { freeName } from "../../patches/editors/imports.ts";
import { insert, type Source, textOf } from "../../patches/editors/source.ts";
import { insertAfter } from "../../patches/editors/statements.ts";

/** Methods of a server that return the server. */
const serverChain = /^(on|once|addListener|prependListener|setTimeout|ref|unref|listen)$/;
/** Something that can be named again further down: `app`, `this.app`. */
const plain = /^(this|[A-Za-z_$][\w$]*)(\.[A-Za-z_$][\w$]*)*$/;

/** `call(server)` writes the call for a server expression. */
export function handServerTo(source: Source, listen: CallSite, call: (server: string) => string): Edit[] {
  const callee = callAt(source, listen.span)?.callee ?? "";
  const object = callee.replace(/\??\.listen$/, "");
  const isServer = plain.test(object) && servers(source, object);
  const home = homeOf(source, listen.span, serverChain);
  if (home === null) return [];
  if (isServer && "statement" in home) return [insertAfter(source, home.statement, `${call(object)};`)];
  return atHome(source, home, call);
}

function atHome(source: Source, home: Home, call: (server: string) => string): Edit[] {
  switch (home.kind) {
    case "named":
      return [insertAfter(source, home.statement, `${call(home.name)};`)];
    case "unused": {
      const name = freeName(source, "server");
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

/** Whether a name stands for a Node server in this file: it is set to `createServer(...)` or `new Server(...)`. */
function servers(source: Source, name: string): boolean {
  const escaped = name.replace(/[.$]/g, "\\$&");
  return new RegExp(`(^|[^\\w$.])${escaped}\\s*(:[^=;]+)?=[^=>][^;]*?\\b(createServer|Server)\\s*\\(`, "m").test(
    source.text,
  );
}

/** The expression for the Express app where the server is handed over; null when none is in reach there. */
export function appExpression(model: Model, source: Source, listen: CallSite): string | null {
  const object = (callAt(source, listen.span)?.callee ?? "").replace(/\??\.listen$/, "");
  const uses = model.uses.filter(({ call }) => call.id === listen.id);
  if (uses.some(({ api }) => api.startsWith("express:"))) return plain.test(object) ? object : null;
  const [creation] = uses.flatMap(({ construction }) => construction ?? []);
  if (creation === undefined || creation.file !== source.file) return null;
  const holdsApp = creation.args.findIndex((arg) => arg.kind === "external" && arg.api.startsWith("express:()"));
  const range = callAt(source, creation.span)?.args[holdsApp];
  const text = range === undefined ? "" : textOf(source, range);
  const inScope = creation.fn === listen.fn || model.fn(creation.fn)?.isModule === true || text.startsWith("this.");
  return inScope && plain.test(text) ? text : null;
}
