import { describe, expect, it } from "vitest";
import { modelFrom, routesOf } from "../link/testing/model-from.ts";

describe("Bun.serve routes", () => {
  it.each([
    [
      "functions and methods",
      "const list = () => {}; Bun.serve({ routes: { '/a/:id': list, '/b': { GET: list, POST: async (req) => {} }, '/c': new Response('x'), '/d/*': (req) => {} } });",
      ["ALL /a/:id", "ALL /d/*", "GET /b", "POST /b"],
    ],
    ["no routes", "Bun.serve({ fetch: (req) => new Response('x') });", []],
    [
      "imported",
      "import { serve } from 'bun'; serve({ port: 3000, routes: { '/a': { DELETE: () => {} } } });",
      ["DELETE /a"],
    ],
    ["another server", "const Bun = make(); Bun.serve({ routes: { '/a': () => {} } });", []],
  ])("%s", (_, code, routes) => {
    expect(routesOf(modelFrom({ "app.ts": code }))).toEqual(routes);
  });
});
