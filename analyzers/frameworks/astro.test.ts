import { describe, expect, it } from "vitest";
import { modelFrom, routesOf } from "../link/testing/model-from.ts";

const manifest = JSON.stringify({ name: "site", dependencies: { astro: "5" } });
const files = {
  "package.json": manifest,
  "src/pages/index.astro": "---\nconst x = 1;\n---\n<h1/>",
  "src/pages/[...slug].astro": "---\nexport const prerender = false;\n---",
  "src/pages/api/users/[id].ts": "export const GET = async () => {}; export const ALL = () => {};",
  "src/pages/feed.xml.ts": "export const prerender = true; export async function GET() {}",
  "src/pages/_draft.ts": "export const GET = () => {};",
  "src/middleware.ts":
    "import { defineMiddleware } from 'astro:middleware'; export const onRequest = defineMiddleware(async (context, next) => next());",
  "src/actions/index.ts":
    "import { defineAction } from 'astro:actions'; import { cart } from './cart'; export const server = { like: defineAction({ handler: async () => fetch('https://x.example.com') }), cart };",
  "src/actions/cart.ts":
    "import { defineAction } from 'astro:actions'; export const cart = { add: defineAction({ accept: 'form', handler: async () => {} }) };",
};

describe("Astro routes", () => {
  it("are all there where the app is rendered on a server", () => {
    const model = modelFrom({ ...files, "astro.config.mjs": "export default defineConfig({ output: 'server' });" });
    expect(routesOf(model)).toEqual([
      "ACTION cart.add",
      "ACTION like",
      "ALL /api/users/:id",
      "GET /",
      "GET /*slug",
      "GET /api/users/:id",
    ]);
    expect(model.routes.every(({ middleware }) => middleware.length === 1)).toBe(true);
    const [use] = model.usesOf("global:fetch");
    expect(use === undefined ? [] : model.reach(use.call).map(({ entry }) => entry.label)).toEqual(["ACTION like"]);
  });

  it("are those that say so where the build makes the others", () => {
    expect(routesOf(modelFrom(files))).toEqual(["ACTION cart.add", "ACTION like", "GET /*slug"]);
  });
});
