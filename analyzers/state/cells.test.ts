/** State that outlives a request: what is found, what changes it, and what it is for. */
import { describe, expect, it } from "vitest";
import { belongsToProcess, isCacheByName, isReadThrough, requestChanges } from "./cell-roles.ts";
import { originsOfChange } from "./cell-keys.ts";
import { cellsOf, readersOf } from "./cells.ts";
import { modelFrom } from "../link/testing/model-from.ts";

const head = 'const express = require("express");\nconst app = express();\napp.use(express.json());\n';

function cells(code: string, more: Record<string, string> = {}): string[] {
  const model = modelFrom({ "app.js": `${head}${code}\napp.listen(3000);\n`, ...more });
  return cellsOf(model)
    .filter((cell) => requestChanges(model, cell).length > 0)
    .map((cell) => {
      const changes = cell.changes.map(({ how }) => how).join("+");
      return `${cell.className === null ? "" : `${cell.className}.`}${cell.name} ${cell.shape} ${changes} ${cell.file}:${cell.line}`;
    });
}

describe("a cell", () => {
  it.each([
    ["const carts = new Map();\napp.post('/a', (req, res) => { carts.set(req.ip, 1); });", ["carts map put app.js:4"]],
    ["let n = 0;\napp.get('/a', (req, res) => { n++; res.json(n); });", ["n value count app.js:4"]],
    ["const a = [];\napp.post('/a', (req) => { a.push(req.body); a.length = 0; });", ["a list add+put app.js:4"]],
    [
      "const rooms = {};\napp.post('/a', (req) => { rooms[req.body.id] = {}; delete rooms[req.body.old]; });",
      ["rooms record put+drop app.js:4"],
    ],
    ["app.post('/a', (req, res) => { const mine = new Map(); mine.set(1, 2); res.json([...mine]); });", []],
    ["const table = new Map();\ntable.set('a', 1);\napp.get('/a', (req, res) => res.json(table.get('a')));", []],
    ["const api = { go() {}, n: 1 };\napp.get('/a', () => { api.n = 2; });", []],
  ])("in %s", (code, expected) => {
    expect(cells(code)).toEqual(expected);
  });

  it("is found where another module changes it", () => {
    const more = {
      "store.js": "exports.users = [];\nconst users = exports.users;\nconst list = [];\nexports.list = list;\n",
    };
    expect(
      cells("const { list } = require('./store');\napp.post('/a', (req) => { list.push(req.body); });", more),
    ).toEqual(["list list add store.js:3"]);
  });

  it("is a field of an object that is made once, and none of one that is made for each request", () => {
    const more = {
      "store.js":
        "class Store {\n  items = new Map();\n  put(key, value) { this.items.set(key, value); }\n}\nmodule.exports = Store;\n",
    };
    const route = "app.post('/a', (req) => { store.put(req.body.id, req.body); });";
    expect(cells(`const Store = require('./store');\nconst store = new Store();\n${route}`, more)).toEqual([
      "Store.items map put store.js:2",
    ]);
    const each = "app.post('/a', (req) => { const store = new Store(); store.put(req.body.id, req.body); });";
    expect(cells(`const Store = require('./store');\n${each}`, more)).toEqual([]);
  });

  it("is a variable of a plugin, and none of a handler", () => {
    const more = {
      "chat.js":
        "module.exports = (app) => {\n  const seen = new Map();\n  app.post('/b', (req) => { const own = []; seen.set(req.body.id, own); });\n};\n",
    };
    expect(cells("require('./chat')(app);", more)).toEqual(["seen map put chat.js:2"]);
  });
});

describe("what a cell is for", () => {
  const roles = (code: string): string[] => {
    const model = modelFrom({ "app.js": `${head}${code}\napp.listen(3000);\n` });
    return cellsOf(model).map((cell) => {
      const said = [
        isCacheByName(model, cell) ? "cache by name" : "",
        belongsToProcess(model, cell) ? "of the process" : "",
        isReadThrough(model, cell) ? "read through" : "",
        readersOf(model, cell).length > 0 ? "read" : "",
      ];
      return `${cell.name}: ${said.filter((each) => each !== "").join(", ")}`;
    });
  };

  it.each([
    [
      "let rates = null;\napp.get('/a', async (req, res) => { if (!rates) rates = await fetch('https://a.example'); res.json(rates); });",
      ["rates: read through, read"],
    ],
    ["const pageCache = {};\napp.get('/a', (req) => { pageCache[req.url] = 1; });", ["pageCache: cache by name"]],
    [
      "const sockets = new Map();\napp.get('/a', (req, res) => { sockets.set(req.ip, res); });",
      ["sockets: of the process"],
    ],
    [
      "const views = new Map();\napp.get('/a', async (req, res) => { await 1; views.set(1, (views.get(1) ?? 0) + 1); res.json(views.get(1)); });",
      ["views: read"],
    ],
    [
      "const carts = new Map();\napp.post('/a', async (req, res) => { const items = carts.get(req.ip) ?? []; await 1; carts.set(req.ip, items); });",
      ["carts: read"],
    ],
  ])("in %s", (code, expected) => {
    expect(roles(code)).toEqual(expected);
  });
});

it.each([
  ["store.set(req.body.id, 1)", ["body"]],
  ["store.set('a', 1)", []],
  ["store.set(require('crypto').randomUUID(), req.user.id)", ["computed", "user"]],
])("%s brings %s", (call, expected) => {
  const model = modelFrom({
    "app.js": `${head}const store = new Map();\napp.post('/a', (req) => { ${call}; });\napp.listen(3000);\n`,
  });
  const [cell] = cellsOf(model);
  const [change] = cell?.changes ?? [];
  expect(cell === undefined || change === undefined ? null : [...originsOfChange(model, cell, change)].sort()).toEqual(
    expected,
  );
});
