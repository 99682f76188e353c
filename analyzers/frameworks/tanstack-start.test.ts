import { describe, expect, it } from "vitest";
import { modelFrom, routesOf } from "../link/testing/model-from.ts";

const manifest = JSON.stringify({ name: "shop", dependencies: { "@tanstack/react-start": "1" } });
const app = (files: Record<string, string>) => modelFrom({ "package.json": manifest, ...files });
const start = "import { createServerFn, createMiddleware } from '@tanstack/react-start';";
const router = "import { createFileRoute } from '@tanstack/react-router';";

describe("TanStack Start routes", () => {
  it("finds server functions by their names, with their middleware", () => {
    const model = app({
      "src/posts.ts": `${start} const auth = createMiddleware({ type: 'function' }).server(async ({ next }) => next());
        export const list = createServerFn().handler(async () => []);
        export const save = createServerFn({ method: 'POST' }).middleware([auth]).validator((d) => d).handler(async ({ data }) => store(data));
        async function store(data) { await fetch('https://x.example.com'); }
        makeFn().handler(() => {});`,
      "src/routes/index.tsx": `${router} import { list, save } from '../posts'; export const Route = createFileRoute('/')({ loader: () => list(), component: Home }); function Home() { return <button onClick={() => save({})} />; }`,
    });
    expect(routesOf(model)).toEqual(["ACTION save", "GET /", "QUERY list"]);
    expect(model.routes.find(({ path }) => path === "save")?.middleware).toHaveLength(1);
    const [use] = model.usesOf("global:fetch");
    expect(use === undefined ? [] : model.reach(use.call).map(({ entry }) => entry.label)).toContain("ACTION save");
  });

  it.each([
    ["/posts/$id", "GET /posts/:id"],
    ["/files/$", "GET /files/*"],
    ["/_app/(shop)/cart", "GET /cart"],
    ["/posts_/$id/edit", "GET /posts/:id/edit"],
    ["/{-$lang}/about", "GET /:lang?/about"],
    ["/robots.txt", "GET /robots.txt"],
  ])("%s is %s", (id, route) => {
    expect(
      routesOf(
        app({
          "src/routes/a.tsx": `${router} export const Route = createFileRoute('${id}')({ component: () => <p/> });`,
        }),
      ),
    ).toEqual([route]);
  });

  it("finds handlers of file routes, and pages but not their layouts", () => {
    const route = (id: string, options: string) =>
      `${router} export const Route = createFileRoute('${id}')({ ${options} });`;
    const model = app({
      "src/routes/api.users.ts": route(
        "/api/users",
        "server: { handlers: { GET: async () => new Response(), POST: { handler: async () => {} } } }",
      ),
      "src/routes/posts.tsx": route("/posts", "component: Layout"),
      "src/routes/posts.index.tsx": route("/posts/", "loader: async () => 1, component: Posts"),
      "src/routes/_auth.tsx": route("/_auth", "component: Layout"),
      "src/routes/old.ts":
        "import { createServerFileRoute } from '@tanstack/react-start/server'; export const ServerRoute = createServerFileRoute('/old/$id').methods({ PUT: async () => {} });",
      "src/routes/broken.ts": route("/broken", "..."),
    });
    expect(routesOf(model)).toEqual(["GET /api/users", "GET /posts", "POST /api/users", "PUT /old/:id"]);
  });
});
