/** The source editors: each case is a file before, what is asked of it, and the file after. */
import { describe, expect, it } from "vitest";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import type { Edit } from "../edit.ts";
import { applyEdits } from "../edits.ts";
import { callAt, callsTo, insertArgument, setOptions } from "./calls.ts";
import type { CallPlace } from "./calls.ts";
import { exportDeclaration } from "./exports.ts";
import { addImport, freeName, localName } from "./imports.ts";
import type { ImportWish } from "./imports.ts";
import { openSource, sourceOf, styleFor } from "./source.ts";
import type { Source } from "./source.ts";
import { specifierFor } from "./specifier.ts";
import {
  append,
  insertAfter,
  insertBefore,
  statementAt,
  statementsCalling,
  statementsOf,
  wrapInTry,
} from "./statements.ts";
import type { Statement } from "./statements.ts";
import { styleOf } from "./style.ts";
import { syntaxErrors } from "./typescript.ts";
import { dropUnusedImports } from "./unused.ts";

/** The text after the edits; it must parse when the text before did. */
function edited(source: Source, edits: readonly Edit[] | null): string | null {
  if (edits === null) return null;
  const applied = applyEdits(memoryRepo({ [source.file]: source.text }), edits);
  if (applied.kind === "conflict") throw new Error(JSON.stringify(applied.conflicts));
  const text = applied.changes.get(source.file) ?? source.text;
  expect(syntaxErrors(source.file, text)).toEqual([]);
  return text;
}

describe("addImport", () => {
  it.each<[string, string, string, ImportWish[], string]>([
    [
      "after the last import",
      "a.ts",
      'import a from "a";\n\nrun(a);\n',
      [{ from: "b", names: ["b"] }],
      'import a from "a";\nimport { b } from "b";\n\nrun(a);\n',
    ],
    [
      "packages behind packages, own files behind own",
      "a.ts",
      'import a from "a";\nimport b from "./b";\n\nrun(a, b);\n',
      [
        { from: "./c", names: ["c"] },
        { from: "d", names: ["d"] },
      ],
      'import a from "a";\nimport { d } from "d";\nimport b from "./b";\nimport { c } from "./c";\n\nrun(a, b);\n',
    ],
    [
      "in the file's quotes and without semicolons",
      "a.ts",
      "import a from 'a'\n\nrun(a)\n",
      [{ from: "b", default: "b" }],
      "import a from 'a'\nimport b from 'b'\n\nrun(a)\n",
    ],
    [
      "into an import of the same module",
      "a.ts",
      'import a, { b } from "a";\n',
      [{ from: "a", names: ["c", { name: "d", as: "e" }] }],
      'import a, { b, c, d as e } from "a";\n',
    ],
    [
      "into a multi-line one, a line each",
      "a.ts",
      'import {\n  a,\n  b,\n} from "a";\n',
      [{ from: "a", names: ["c"] }],
      'import {\n  a,\n  b,\n  c,\n} from "a";\n',
    ],
    [
      "beside a type import",
      "a.ts",
      'import type { A } from "a";\n',
      [{ from: "a", names: ["b"] }],
      'import type { A } from "a";\nimport { b } from "a";\n',
    ],
    [
      "never twice",
      "a.ts",
      'import a, { b as c } from "a";\nimport * as d from "d";\nimport "e";\n',
      [{ from: "a", default: "a", names: [{ name: "b", as: "c" }] }, { from: "d", namespace: "d" }, { from: "e" }],
      'import a, { b as c } from "a";\nimport * as d from "d";\nimport "e";\n',
    ],
    [
      "all wishes of a module in one",
      "a.ts",
      "run();\n",
      [
        { from: "a", names: ["a"] },
        { from: "a", names: ["b", "a"], default: "c" },
        { from: "d", namespace: "d" },
      ],
      'import c, { a, b } from "a";\nimport * as d from "d";\n\nrun();\n',
    ],
    [
      "as type only",
      "a.ts",
      "run();\n",
      [{ from: "a", names: ["A"], typeOnly: true }],
      'import type { A } from "a";\n\nrun();\n',
    ],
    [
      "no types in JavaScript",
      "a.js",
      'import a from "a";\n',
      [{ from: "b", names: ["B"], typeOnly: true }],
      'import a from "a";\n',
    ],
    [
      "after shebang and directives",
      "a.mjs",
      '#!/usr/bin/env node\n"use strict";\n\nrun();\n',
      [{ from: "a" }],
      '#!/usr/bin/env node\n"use strict";\nimport "a";\n\nrun();\n',
    ],
    [
      "behind requires whose order matters",
      "a.js",
      "// make bluebird the Promise\nPromise = require('bluebird')\nrequire('express-async-errors')\nconst a = require('./a')\n\na()\n",
      [
        { from: "./b", names: ["b"] },
        { from: "c", default: "c" },
      ],
      "// make bluebird the Promise\nPromise = require('bluebird')\nrequire('express-async-errors')\nconst a = require('./a')\nconst c = require('c')\nconst { b } = require('./b')\n\na()\n",
    ],
    [
      "after the file's comment",
      "a.ts",
      "/** About the file. */\n\nrun();\n",
      [{ from: "a", names: ["a"] }],
      '/** About the file. */\n\nimport { a } from "a";\n\nrun();\n',
    ],
    [
      "before a comment that belongs to code",
      "a.ts",
      "// about run\nrun();\n",
      [{ from: "a" }],
      'import "a";\n\n// about run\nrun();\n',
    ],
    ["into an empty file", "a.ts", "", [{ from: "a" }], 'import "a";\n'],
    [
      "with require",
      "a.js",
      "const a = require('a')\n\nrun(a)\n",
      [
        { from: "b", default: "b" },
        { from: "c", names: ["d", { name: "e", as: "f" }] },
      ],
      "const a = require('a')\nconst b = require('b')\nconst { d, e: f } = require('c')\n\nrun(a)\n",
    ],
    [
      "into a destructured require",
      "a.js",
      "const { a } = require('a');\nrun(a);\n",
      [{ from: "a", names: ["b"] }],
      "const { a, b } = require('a');\nrun(a);\n",
    ],
    [
      "never twice with require",
      "a.js",
      "const a = require('a');\nrequire('b');\n",
      [{ from: "a", default: "a" }, { from: "b" }],
      "const a = require('a');\nrequire('b');\n",
    ],
    [
      "keeping CRLF",
      "a.ts",
      'import a from "a";\r\n\r\nrun(a);\r\n',
      [{ from: "b" }],
      'import a from "a";\r\nimport "b";\r\n\r\nrun(a);\r\n',
    ],
    ["keeping a byte order mark first", "a.ts", "\uFEFFrun();\n", [{ from: "b" }], '\uFEFFimport "b";\n\nrun();\n'],
  ])("%s", (_, file, text, wishes, wanted) => {
    const source = sourceOf(file, text);
    expect(edited(source, addImport(source, ...wishes))).toBe(wanted);
    const again = sourceOf(file, wanted);
    expect(addImport(again, ...wishes)).toEqual([]);
  });

  it("knows local names and free ones", () => {
    const source = sourceOf(
      "a.ts",
      'import mailer, { send as post } from "mailer";\nimport type { C } from "c";\nconst queue = 1, queue2 = 2;\n',
    );
    expect(localName(source, "mailer", "default")).toBe("mailer");
    expect(localName(source, "mailer", "send")).toBe("post");
    expect(localName(source, "c", "C")).toBeNull();
    expect(localName(sourceOf("a.js", "const post = require('mailer');\n"), "mailer", "default")).toBe("post");
    expect([freeName(source, "queue"), freeName(source, "jobs")]).toEqual(["queue3", "jobs"]);
  });
});

function firstCall(source: Source, callee: RegExp): CallPlace {
  const [call] = callsTo(source, callee);
  if (call === undefined) throw new Error("no such call");
  return call;
}

describe("setOptions", () => {
  it.each<[string, string, number, Record<string, string>, "refuse" | "spread", string | null]>([
    ["makes the missing argument", "f(a);\n", 1, { timeout: "10_000" }, "refuse", "f(a, { timeout: 10_000 });\n"],
    ["makes the only argument", "f();\n", 0, { a: '"b"' }, "refuse", 'f({ a: "b" });\n'],
    ["makes arguments for a bare new", "new F;\n", 0, { a: "1" }, "refuse", "new F({ a: 1 });\n"],
    ["adds on one line", "f({ a: 1 });\n", 0, { b: "2" }, "refuse", "f({ a: 1, b: 2 });\n"],
    ["fills an empty literal", "f({});\n", 0, { b: "2" }, "refuse", "f({ b: 2 });\n"],
    [
      "adds lines where there are lines",
      "f({\n  a: 1,\n});\n",
      0,
      { b: "2", c: "3" },
      "refuse",
      "f({\n  a: 1,\n  b: 2,\n  c: 3,\n});\n",
    ],
    ["adds no comma where none was", "f({\n  a: 1\n});\n", 0, { b: "2" }, "refuse", "f({\n  a: 1,\n  b: 2\n});\n"],
    [
      "keeps a comment with its line",
      "f({\n  a: 1, // one\n});\n",
      0,
      { b: "2" },
      "refuse",
      "f({\n  a: 1, // one\n  b: 2,\n});\n",
    ],
    [
      "keeps a comment behind the last of none",
      "f({\n  a: 1 // one\n});\n",
      0,
      { b: "2" },
      "refuse",
      "f({\n  a: 1, // one\n  b: 2\n});\n",
    ],
    ["comes behind a spread", "f({ ...a });\n", 0, { b: "2" }, "refuse", "f({ ...a, b: 2 });\n"],
    [
      "replaces another value only",
      "f({ a: 1, b: 2, c });\n",
      0,
      { a: "9", b: "2", c: "3" },
      "refuse",
      "f({ a: 9, b: 2, c: 3 });\n",
    ],
    ["replaces undefined", "f(undefined);\n", 0, { a: "1" }, "refuse", "f({ a: 1 });\n"],
    ["writes shorthand", "f({});\n", 0, { signal: "signal" }, "refuse", "f({ signal });\n"],
    ["refuses a variable", "f(options);\n", 0, { a: "1" }, "refuse", null],
    ["spreads a variable when told", "f(options);\n", 0, { a: "1" }, "spread", "f({ ...options, a: 1 });\n"],
    ["refuses behind missing arguments", "f();\n", 1, { a: "1" }, "refuse", null],
    ["refuses behind spread arguments", "f(...a, {});\n", 1, { a: "1" }, "refuse", null],
    ["refuses methods of that name", "f({ a() {} });\n", 0, { a: "1" }, "refuse", null],
  ])("%s", (_, text, index, options, otherwise, wanted) => {
    const source = sourceOf("a.ts", text);
    expect(edited(source, setOptions(source, firstCall(source, /^[fF]$/), index, options, otherwise))).toBe(wanted);
  });

  it("writes in the file's style and finds the call by its span", () => {
    const source = sourceOf("a.js", "const a = 'x'\nfetch(a, {\n\tb: 'c',\n\td: [\n\t\t1\n\t]\n})\n");
    const span = firstCall(source, /^fetch$/);
    expect(callAt(source, span)).toEqual(span);
    expect(edited(source, setOptions(source, span, 1, { signal: 'any("x")' }))).toBe(
      "const a = 'x'\nfetch(a, {\n\tb: 'c',\n\td: [\n\t\t1\n\t],\n\tsignal: any('x')\n})\n",
    );
  });
});

describe("insertArgument", () => {
  it.each([
    ["before the handler", "f('/a', h)\n", 1, "f('/a', m, h)\n"],
    ["on a line of its own where the others have one", "f(\n  '/a',\n  h\n)\n", 1, "f(\n  '/a',\n  m,\n  h\n)\n"],
    ["at the end", "f('/a')\n", 9, "f('/a', m)\n"],
    ["alone", "f()\n", 0, "f(m)\n"],
    ["before a trailing comma", "f(\n  a,\n)\n", 1, "f(\n  a,\n  m,\n)\n"],
  ])("%s", (_, text, index, wanted) => {
    const source = sourceOf("a.js", text);
    expect(edited(source, insertArgument(source, firstCall(source, /^f$/), index, "m"))).toBe(wanted);
  });
});

function calling(source: Source, callee: RegExp): Statement {
  const [statement] = statementsCalling(source, callee);
  if (statement === undefined) throw new Error("no such statement");
  return statement;
}

describe("statements", () => {
  const app =
    "import express from 'express'\n\nconst app = express() // the app\n\n// routes\n/* all */ app.get('/', (req, res) => {\n  res.send('x')\n})\nmodule.server = await app.listen(1)\n";

  it("are found by what they call and declare", () => {
    const source = sourceOf("a.ts", app);
    expect(statementsOf(source).map(({ kind, line, declares, calls }) => [kind, line, declares.join(), calls])).toEqual(
      [
        ["import", 1, "", null],
        ["declaration", 3, "app", "express"],
        ["expression", 6, "", "app.get"],
        ["expression", 9, "", "app.listen"],
      ],
    );
    expect(statementsOf(source, app.indexOf("res.send")).map(({ calls }) => calls)).toEqual(["res.send"]);
    expect(statementAt(source, app.indexOf("'x'"))?.calls).toBe("res.send");
  });

  it("get neighbours in the file's style, past comments on their lines", () => {
    const source = sourceOf("a.ts", app);
    const edits = [
      insertAfter(source, calling(source, /^express$/), 'app.set("trust proxy", 1);\n'),
      insertBefore(source, calling(source, /^app\.get$/), 'app.use(limit("a"));\n'),
      insertAfter(source, calling(source, /listen/), 'process.on("SIGTERM", () => {\n  stop(`a\n  b`);\n});', "blank"),
    ];
    expect(edited(source, edits)).toBe(
      "import express from 'express'\n\nconst app = express() // the app\napp.set('trust proxy', 1)\n\napp.use(limit('a'))\n// routes\n/* all */ app.get('/', (req, res) => {\n  res.send('x')\n})\nmodule.server = await app.listen(1)\n\nprocess.on('SIGTERM', () => {\n  stop(`a\n  b`)\n})\n",
    );
  });

  it("get neighbours at their own depth", () => {
    const source = sourceOf("a.js", "function f() {\n\tif (a) {\n\t\tb();\n\t}\n}\n");
    const statement = statementAt(source, source.text.indexOf("b()"));
    if (statement === null) throw new Error("no statement");
    const edits = [
      insertBefore(source, statement, "if (x) {\n  y();\n}"),
      insertAfter(source, statement, "c({\n  d,\n});"),
    ];
    expect(edited(source, edits)).toBe(
      "function f() {\n\tif (a) {\n\t\tif (x) {\n\t\t\ty();\n\t\t}\n\t\tb();\n\t\tc({\n\t\t\td,\n\t\t});\n\t}\n}\n",
    );
  });

  it("get neighbours around an if without braces, not inside it", () => {
    const source = sourceOf("a.js", "if (a)\n  b();\nelse c();\n");
    const statement = statementAt(source, source.text.indexOf("b()"));
    if (statement === null) throw new Error("no statement");
    const edits = [insertBefore(source, statement, "x();"), insertAfter(source, statement, "y();")];
    expect(edited(source, edits)).toBe("x();\nif (a)\n  b();\nelse c();\ny();\n");
  });

  it.each([
    ["a();\n", "a();\n\nb();\n"],
    ["a();", "a();\n\nb();\n"],
    ["", "b();\n"],
  ])("come at the end of %j", (text, wanted) => {
    const source = sourceOf("a.ts", text);
    expect(edited(source, [append(source, "b();")])).toBe(wanted);
  });
});

describe("wrapInTry", () => {
  const wrapped = (text: string, at: string, inner: (source: Source) => Edit[] = () => []): string | null => {
    const source = sourceOf("a.ts", text);
    const statement = statementAt(source, text.indexOf(at));
    if (statement === null) throw new Error("no statement");
    return edited(source, wrapInTry(source, statement, 'log("failed", error);', inner(source)));
  };

  it("moves the lines in, but not the text of template literals", () => {
    expect(wrapped("function f() {\n  send({\n    a: `x\n  y`,\n  }); // now\n  g();\n}\n", "send")).toBe(
      'function f() {\n  try {\n    send({\n      a: `x\n  y`,\n    }); // now\n  } catch (error) {\n    log("failed", error);\n  }\n  g();\n}\n',
    );
  });

  it("composes with edits inside", () => {
    const inner = (source: Source): Edit[] => setOptions(source, firstCall(source, /^send$/), 0, { b: "1" }) ?? [];
    expect(wrapped("function f() {\n  send({\n    a,\n  });\n}\n", "send", inner)).toBe(
      'function f() {\n  try {\n    send({\n      a,\n      b: 1,\n    });\n  } catch (error) {\n    log("failed", error);\n  }\n}\n',
    );
  });

  it.each(['import a from "a";\n', "export const a = b();\n", "function a() {}\n"])("refuses %j", (text) => {
    expect(wrapped(text, text)).toBeNull();
  });

  it("refuses a declaration that is used afterwards, not one that is not", () => {
    expect(wrapped("const a = await b();\nc(a);\n", "const")).toBeNull();
    expect(wrapped("const a = await b();\nc();\n", "const")).toBe(
      'try {\n  const a = await b();\n} catch (error) {\n  log("failed", error);\n}\nc();\n',
    );
  });
});

describe("exportDeclaration", () => {
  it.each<[string, string, string, string | null, string | null]>([
    ["a function", "a.ts", "async function f() {}\n", "export async function f() {}\n", "f"],
    [
      "a documented constant",
      "a.ts",
      'import "x";\n/** Of f. */\nconst f = () => 1;\n',
      'import "x";\n/** Of f. */\nexport const f = () => 1;\n',
      "f",
    ],
    ["nothing, when exported", "a.ts", "export function f() {}\n", "export function f() {}\n", "f"],
    [
      "nothing, when exported by name",
      "a.ts",
      "function f() {}\nexport { f as g };\n",
      "function f() {}\nexport { f as g };\n",
      "g",
    ],
    [
      "nothing, when it is the default",
      "a.ts",
      "function f() {}\nexport default f;\n",
      "function f() {}\nexport default f;\n",
      "default",
    ],
    [
      "nothing, when declared as the default",
      "a.ts",
      "export default function f() {}\n",
      "export default function f() {}\n",
      "default",
    ],
    ["nothing of that name", "a.ts", "function g() { function f() {} }\n", null, null],
    [
      "into module.exports",
      "a.js",
      "function f() {}\nmodule.exports = { a };\n",
      "function f() {}\nmodule.exports = { a, f };\n",
      "f",
    ],
    [
      "into a multi-line module.exports",
      "a.js",
      "function f() {}\nmodule.exports = {\n  a,\n};\n",
      "function f() {}\nmodule.exports = {\n  a,\n  f,\n};\n",
      "f",
    ],
    [
      "beside module.exports of one thing",
      "a.js",
      "function f() {}\nmodule.exports = router;\n",
      "function f() {}\nmodule.exports = router;\nmodule.exports.f = f;\n",
      "f",
    ],
    [
      "beside exports.x",
      "a.js",
      "function f() {}\nexports.a = a;\n",
      "function f() {}\nexports.a = a;\nmodule.exports.f = f;\n",
      "f",
    ],
    [
      "nothing, when in module.exports",
      "a.js",
      "function f() {}\nmodule.exports = { g: f };\n",
      "function f() {}\nmodule.exports = { g: f };\n",
      "g",
    ],
    [
      "nothing, when it is the module",
      "a.js",
      "function f() {}\nmodule.exports = f;\n",
      "function f() {}\nmodule.exports = f;\n",
      "*",
    ],
    [
      "to a module without exports",
      "a.js",
      "const x = require('x');\nfunction f() {}\n",
      "const x = require('x');\nfunction f() {}\n\nmodule.exports.f = f;\n",
      "f",
    ],
  ])("%s", (_, file, text, wanted, as) => {
    const source = sourceOf(file, text);
    const outcome = exportDeclaration(source, "f");
    expect(outcome === null ? null : edited(source, outcome.edits)).toBe(wanted);
    expect(outcome?.as ?? null).toBe(as);
  });
});

describe("dropUnusedImports", () => {
  const dropped = (text: string, gone: string, added: string[] = [], file = "a.ts"): string | null => {
    const source = sourceOf(file, text);
    const start = text.indexOf(gone);
    const range = { start, end: start + gone.length };
    return edited(source, [
      ...dropUnusedImports(source, [range], added),
      { kind: "replace", file, ...range, text: added.join("") },
    ]);
  };

  it.each<[string, string, string, string[], string]>([
    [
      "a whole import",
      'import { a } from "a";\nimport b from "b";\n\na();\nb();\n',
      "a();",
      [],
      'import b from "b";\n\n\nb();\n',
    ],
    ["one name", 'import { a, b } from "a";\na();\nb();\n', "a();", [], 'import { b } from "a";\n\nb();\n'],
    ["the last name", 'import { b, a } from "a";\na();\nb();\n', "a();", [], 'import { b } from "a";\n\nb();\n'],
    [
      "all names beside a default",
      'import b, { a } from "a";\na();\nb();\n',
      "a();",
      [],
      'import b from "a";\n\nb();\n',
    ],
    [
      "nothing that is used elsewhere",
      'import { a } from "a";\na();\na();\n',
      "a();",
      [],
      'import { a } from "a";\n\na();\n',
    ],
    [
      "nothing that the new text uses",
      'import { a } from "a";\na();\n',
      "a();",
      ["b(a);"],
      'import { a } from "a";\nb(a);\n',
    ],
    ["nothing that was unused before", 'import { z } from "a";\na();\n', "a();", [], 'import { z } from "a";\n\n'],
    ["what only a property is named like", 'import { a } from "a";\nb.a;\na();\n', "\na();", [], "b.a;\n"],
  ])("%s", (_, text, gone, added, wanted) => {
    expect(dropped(text, gone, added)).toBe(wanted);
  });

  it.each([
    ["the only import", 'import { a } from "a";\n\na();\n', 'import { z } from "z";\nz();\n'],
    [
      "the last import",
      'import { b } from "b";\nimport { a } from "a";\n\na(b);\nb();\n',
      'import { b } from "b";\nimport { z } from "z";\n\nz();\nb();\n',
    ],
    [
      "all imports",
      'import { b } from "b";\nimport { a } from "a"; // why\n\na(b);\n',
      'import { z } from "z";\nz();\n',
    ],
  ])("lets a new import take the place of %s", (_, text, wanted) => {
    const source = sourceOf("a.ts", text);
    const [call] = callsTo(source, /^a$/);
    if (call === undefined) throw new Error("no call");
    const edits: Edit[] = [
      ...addImport(source, { from: "z", names: ["z"] }),
      { kind: "replace", file: "a.ts", start: call.start, end: call.end, text: "z()" },
      ...dropUnusedImports(source, [call]),
    ];
    expect(edited(source, edits)).toBe(wanted);
  });

  it("drops a require", () => {
    expect(
      dropped("const a = require('a');\nconst { b, c } = require('b');\na(b);\nc();\n", "a(b);\n", [], "a.js"),
    ).toBe("const { c } = require('b');\nc();\n");
  });
});

describe("style", () => {
  it.each<[string, string, string, Partial<ReturnType<typeof styleOf>>]>([
    [
      "prettier's",
      "a.ts",
      'import { a } from "./b";\nf({\n  a,\n  b,\n});\n',
      {
        quotes: "double",
        semicolons: true,
        indent: "  ",
        trailingCommas: "all",
        importExtension: "",
        modules: "esm",
        language: "typescript",
      },
    ],
    [
      "standard's",
      "a.js",
      "const a = require('./b.js')\nif (a) {\n  f('x', [\n    1\n  ])\n}\n",
      {
        quotes: "single",
        semicolons: false,
        indent: "  ",
        trailingCommas: "none",
        importExtension: ".js",
        modules: "commonjs",
        language: "javascript",
      },
    ],
    ["tabs", "a.js", "if (a) {\n\tb();\n\tif (c) {\n\t\td();\n\t}\n}\n", { indent: "\t" }],
    ["four spaces with comments", "a.js", "/**\n * a\n */\nfunction a() {\n    b();\n}\n", { indent: "    " }],
    [".ts imports", "a.ts", "import { a } from './a.ts';\n", { importExtension: ".ts" }],
    [
      "dotted names are no extension",
      "a.ts",
      "import { a } from './user.model';\nimport { b } from './user.service';\n",
      { importExtension: "" },
    ],
    ["CRLF", "a.ts", "a();\r\nb();\r\n", { newline: "\r\n" }],
    [".cjs", "a.cjs", "run();\n", { modules: "commonjs" }],
    [".mjs", "a.mjs", "run();\n", { modules: "esm" }],
  ])("%s", (_, file, text, wanted) => {
    expect(styleOf(text, file)).toMatchObject(wanted);
  });

  it("comes from the neighbours and the package where the file shows nothing", () => {
    const repo = memoryRepo({
      "package.json": '{ "type": "module" }',
      "src/app.js": "import a from './b.js'\nf('x')\n",
      "src/new.js": "",
      "src/broken.js": "function (",
      "other/package.json": "{}",
      "other/a.js": "",
      "ts/tsconfig.json": '{ "compilerOptions": { "module": "NodeNext" } }',
    });
    expect(styleFor(repo, "src/lib/fresh.js")).toMatchObject({
      modules: "esm",
      quotes: "single",
      semicolons: false,
      importExtension: ".js",
    });
    expect(styleFor(repo, "other/a.js")).toMatchObject({ modules: "esm" });
    expect(styleFor(repo, "ts/a.ts")).toMatchObject({ language: "typescript", modules: "esm", importExtension: ".js" });
    expect(openSource(repo, "src/new.js")?.style).toMatchObject({ quotes: "single", semicolons: false });
    expect(openSource(repo, "src/broken.js")).toBeNull();
    expect(openSource(repo, "src/none.js")).toBeNull();
  });
});

describe("specifierFor", () => {
  const base = styleOf("", "a.ts");
  it.each<[string, string, Partial<typeof base>, string]>([
    ["src/app.ts", "src/queue/jobs.ts", { importExtension: "" }, "./queue/jobs"],
    ["src/queue/jobs.ts", "src/mail.ts", { importExtension: ".js" }, "../mail.js"],
    ["src/queue/jobs.ts", "src/mail.ts", { importExtension: ".ts" }, "../mail.ts"],
    ["app.js", "lib/index.js", { language: "javascript", modules: "commonjs" }, "./lib"],
    ["app.js", "lib/a.js", { language: "javascript", modules: "esm" }, "./lib/a.js"],
    ["app.ts", "lib/a.mts", { importExtension: "" }, "./lib/a.mjs"],
    ["app.ts", "data.json", {}, "./data.json"],
  ])("%s -> %s", (from, to, style, wanted) => {
    expect(specifierFor(from, to, { ...base, ...style })).toBe(wanted);
  });
});
