/** Small apps of SvelteKit, Nuxt, React Router and TanStack Start: which part each file belongs to, and what their configuration says. */
import { describe, expect, it } from "vitest";
import { modelFrom } from "../link/testing/model-from.ts";

type Files = Record<string, string>;

const manifest = (fields: Record<string, unknown>) => JSON.stringify({ name: "app", ...fields });

function contextsOf(files: Files): Record<string, string> {
  const model = modelFrom(files);
  const sources = Object.keys(files).filter((file) => model.summary(file) !== null);
  return Object.fromEntries(sources.map((file) => [file, model.context(file)]));
}

describe("contexts where components hold code", () => {
  it("SvelteKit", () => {
    expect(
      contextsOf({
        "package.json": manifest({ devDependencies: { "@sveltejs/kit": "2" } }),
        "svelte.config.js": "export default {};",
        "src/hooks.server.ts": "export const handle = ({ event, resolve }) => resolve(event);",
        "src/hooks.client.ts": "export const handleError = () => {};",
        "src/routes/+page.svelte":
          "<script>import { draw } from '$lib/draw'; import { both } from '$lib/both'; import Card from '$lib/Card.svelte';</script>",
        "src/routes/+page.ts": "import { both } from '$lib/both'; export const load = () => both();",
        "src/routes/a/+server.ts": "import { render } from '$lib/server/mail'; export const POST = () => render();",
        "src/lib/Card.svelte": "<script lang='ts'>import { cart } from './cart.svelte';</script>",
        "src/lib/cart.svelte.ts": "export const cart = () => fetch('/cart');",
        "src/lib/draw.ts": "export const draw = () => 1;",
        "src/lib/both.ts": "export const both = () => 1;",
        "src/lib/server/mail.ts": "import Mail from './Mail.svelte'; export const render = () => Mail;",
        "src/lib/server/Mail.svelte": "<script>import { style } from '../style';</script>",
        "src/lib/style.ts": "export const style = 1;",
        "src/lib/todos.remote.ts": "import { query } from '$app/server'; export const list = query(async () => []);",
        "src/lib/unused.ts": "export const unused = 1;",
        "src/service-worker.ts": "addEventListener('fetch', () => {});",
        "src/lib/a.test.ts": "import './both';",
      }),
    ).toEqual({
      "svelte.config.js": "build",
      "src/hooks.server.ts": "server",
      "src/hooks.client.ts": "browser",
      "src/routes/+page.svelte": "browser",
      "src/routes/+page.ts": "server",
      "src/routes/a/+server.ts": "server",
      "src/lib/Card.svelte": "browser",
      "src/lib/cart.svelte.ts": "browser",
      "src/lib/draw.ts": "browser",
      "src/lib/both.ts": "server",
      "src/lib/server/mail.ts": "server",
      "src/lib/server/Mail.svelte": "browser",
      "src/lib/style.ts": "browser",
      "src/lib/todos.remote.ts": "server",
      "src/lib/unused.ts": "dead",
      "src/service-worker.ts": "browser",
      "src/lib/a.test.ts": "test",
    });
  });

  it("Nuxt", () => {
    expect(
      contextsOf({
        "package.json": manifest({ dependencies: { nuxt: "4" } }),
        "nuxt.config.ts": "export default defineNuxtConfig({});",
        "app/pages/index.vue": "<script setup>import { total } from '#shared/total';</script>",
        "app/composables/use-cart.ts": "export const useCart = () => $fetch('/api/cart');",
        "app/plugins/socket.ts": "export default defineNuxtPlugin(() => socket.listen());",
        "server/api/cart.get.ts":
          "import { total } from '#shared/total'; export default defineEventHandler(() => total(readCart()));",
        "server/utils/cart.ts": "import { db } from '../db'; export const readCart = () => db.cart;",
        "server/db/index.ts": "export const db = {};",
        "server/old/report.ts": "export const report = 1;",
        "shared/total.ts": "export const total = () => 1;",
        "modules/icons/index.ts": "export default defineNuxtModule({});",
      }),
    ).toEqual({
      "nuxt.config.ts": "build",
      "app/pages/index.vue": "browser",
      "app/composables/use-cart.ts": "browser",
      "app/plugins/socket.ts": "browser",
      "server/api/cart.get.ts": "server",
      "server/utils/cart.ts": "server",
      "server/db/index.ts": "server",
      "server/old/report.ts": "dead",
      "shared/total.ts": "server",
      "modules/icons/index.ts": "build",
    });
  });

  it("React Router", () => {
    expect(
      contextsOf({
        "package.json": manifest({
          devDependencies: { "@react-router/dev": "7" },
          scripts: { start: "react-router-serve build" },
        }),
        "app/root.tsx": "export default function Root() { return <html/>; }",
        "app/routes.ts": "export default [];",
        "app/entry.client.tsx": "hydrate(<App/>);",
        "app/entry.server.tsx": "export default function handle() { return <App/>; }",
        "app/routes/a.tsx":
          "import { Chart } from '../components/chart'; import { list } from '../list'; import { send } from '../mail.server'; export const loader = async () => { log('Chart'); return list(`Chart`); }; export { action } from './action'; export default function A() { return <Chart/>; }",
        "app/routes/action.ts": "import { send } from '../mail.server'; export const action = () => send();",
        "app/routes/b.tsx": "import { track } from '../track'; export default function B() { track(); return <p/>; }",
        "app/components/chart.tsx": "export function Chart() { return <svg/>; }",
        "app/list.ts": "export const list = () => [];",
        "app/mail.server.ts": "import { Mail } from './mail'; export const send = () => Mail;",
        "app/mail.tsx": "export const Mail = () => <p/>;",
        "app/track.ts": "export const track = () => fetch('/t');",
        "app/map.client.ts": "export const map = 1;",
        "server/app.ts": "export const app = 1;",
      }),
    ).toEqual({
      "app/root.tsx": "browser",
      "app/routes.ts": "build",
      "app/entry.client.tsx": "browser",
      "app/entry.server.tsx": "server",
      "app/routes/a.tsx": "server",
      "app/routes/action.ts": "server",
      "app/routes/b.tsx": "browser",
      "app/components/chart.tsx": "browser",
      "app/list.ts": "server",
      "app/mail.server.ts": "server",
      "app/mail.tsx": "server",
      "app/track.ts": "browser",
      "app/map.client.ts": "browser",
      "server/app.ts": "server",
    });
  });

  it("TanStack Start", () => {
    const contexts = contextsOf({
      "package.json": manifest({ dependencies: { "@tanstack/react-start": "1" } }),
      "src/list.ts":
        "import { createServerFn } from '@tanstack/react-start'; import { db } from './db'; export const list = createServerFn().handler(() => db());",
      "src/db.ts": "export const db = () => 1;",
      "src/components/list.tsx":
        "import { list } from '../list'; import { sort } from '../sort'; export const List = () => <ul/>;",
      "src/sort.ts": "export const sort = 1;",
    });
    expect(contexts).toEqual({
      "src/list.ts": "server",
      "src/db.ts": "server",
      "src/components/list.tsx": "browser",
      "src/sort.ts": "browser",
    });
  });
});

describe("what the configuration of such an app says", () => {
  it.each([
    ["svelte.config.js", "import adapter from '@sveltejs/adapter-vercel';", ["vercel"]],
    ["svelte.config.js", "import adapter from '@sveltejs/adapter-cloudflare';", ["cloudflare"]],
    ["svelte.config.js", "import adapter from '@sveltejs/adapter-static';", ["static"]],
    [
      "svelte.config.js",
      "import node from '@sveltejs/adapter-node'; import files from '@sveltejs/adapter-static';",
      [],
    ],
    [
      "svelte.config.js",
      "import files from '@sveltejs/adapter-static'; import node from '@sveltejs/adapter-node';",
      [],
    ],
    ["svelte.config.js", "// import adapter from '@sveltejs/adapter-netlify';", []],
    ["nuxt.config.ts", "export default defineNuxtConfig({ nitro: { preset: 'cloudflare_module' } });", ["cloudflare"]],
    ["nuxt.config.ts", "export default defineNuxtConfig({ nitro: { preset: 'node-server' } });", []],
    ["astro.config.mjs", "import vercel from '@astrojs/vercel';", ["vercel"]],
  ])("%s: %s", (file, text, targets) => {
    const model = modelFrom({ "package.json": manifest({}), [file]: text });
    expect(model.deploy.map(({ target }) => target)).toEqual(targets);
  });

  it("the framework is known by its command, and what its scripts prepare is no server", () => {
    const model = modelFrom({
      "package.json": manifest({
        scripts: {
          dev: "node scripts/seed.js && nuxt dev",
          build: "nuxt build",
          start: "node scripts/warm.js && node .output/server/index.mjs",
        },
        dependencies: { nuxt: "4" },
      }),
      "scripts/seed.js": "console.log(1);",
      "scripts/warm.js": "console.log(1);",
      "apps/web/package.json": manifest({ name: "web", scripts: { build: "nuxt build", dev: "nuxt dev" } }),
      "apps/web/nuxt.config.ts": "export default defineNuxtConfig({ extends: ['../..'] });",
      "apps/web/server/api/a.get.ts": "export default defineEventHandler(() => 1);",
    });
    expect(
      model.services.map(({ name, entry, frameworks }) => [name, entry, frameworks.map((each) => each.name)]),
    ).toEqual([
      ["app", [], ["nuxt"]],
      ["web", [], ["nuxt"]],
    ]);
    expect(model.routes.map(({ path, service }) => `${service} ${path}`)).toEqual(["web /api/a"]);
  });
});
