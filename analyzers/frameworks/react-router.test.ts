import { describe, expect, it } from "vitest";
import { modelFrom, routesOf } from "../link/testing/model-from.ts";

type Files = Record<string, string>;
type Case = [name: string, files: Files, routes: string[]];

const manifest = JSON.stringify({
  name: "shop",
  devDependencies: { "@react-router/dev": "^7.0.0" },
  dependencies: { express: "5" },
});
const app = (files: Files) =>
  modelFrom({ "package.json": manifest, "app/root.tsx": "export default () => <html/>;", ...files });
const page = "export default function Page() { return <p/>; }";
const loader = "export async function loader() { return {}; }";
const action = "export const action = async () => ({});";

describe("React Router and Remix routes", () => {
  it.each<Case>([
    [
      "flat files",
      {
        "app/routes/_index.tsx": page,
        "app/routes/users.tsx": page,
        "app/routes/users._index.tsx": `${page} ${action}`,
        "app/routes/users.$id.tsx": `${page} ${loader}`,
        "app/routes/users_.$id.edit.tsx": page,
        "app/routes/_auth.tsx": page,
        "app/routes/_auth.login.tsx": `${page} ${action}`,
        "app/routes/($lang).about.tsx": page,
        "app/routes/files.$.tsx": loader,
        "app/routes/sitemap[.]xml.tsx": loader,
        "app/routes/[reports].q1.tsx": loader,
      },
      [
        "GET /",
        "GET /:lang?/about",
        "GET /files/*",
        "GET /login",
        "GET /reports/q1",
        "GET /sitemap.xml",
        "GET /users",
        "GET /users/:id",
        "GET /users/:id/edit",
        "POST /login",
        "POST /users",
      ],
    ],
    [
      "folders with a route file",
      {
        "app/routes/cart/route.tsx": `${page} ${action}`,
        "app/routes/cart/form.tsx": page,
        "app/routes/cart.items/index.ts": loader,
      },
      ["GET /cart", "GET /cart/items", "POST /cart"],
    ],
    [
      "a folder that code of the app walks through",
      {
        "app/routes.ts": 'import { scan } from "./scan";\nexport default scan();',
        "app/scan.ts":
          'import { globSync } from "glob";\nexport const scan = () => globSync("app/routes/**/*").map((file) => ({ file }));',
        "app/routes/_index.tsx": page,
        "app/routes/api.teams.tsx": loader,
        "app/routes/admin/teams/teams.tsx": `${page} ${loader}`,
        "app/routes/admin/teams/teams._index.tsx": page,
        "app/routes/admin/teams/teams.$teamId.tsx": `${page} ${action}`,
        "app/routes/admin/teams/$teamId/pools.tsx": page,
        "app/routes/admin/teams/variants.ts": "export const sizes = [];",
      },
      [
        "GET /",
        "GET /admin/teams",
        "GET /admin/teams/:teamId",
        "GET /admin/teams/:teamId/pools",
        "GET /api/teams",
        "POST /admin/teams/:teamId",
      ],
    ],
    [
      "folders with a plus",
      {
        "app/routes/_auth+/login.tsx": page,
        "app/routes/users+/_layout.tsx": `${page} ${loader}`,
        "app/routes/users+/index.tsx": page,
        "app/routes/users+/$id_+/edit.tsx": page,
        "app/routes/users+/$id.tsx": page,
        "app/routes/api+/export[.csv].ts": loader,
        "app/routes/users+/card/index.tsx": page,
        "app/routes/users+/card/helper.tsx": page,
        "app/routes/users+/login.server.ts": loader,
        "app/routes/__shared.tsx": page,
      },
      ["GET /api/export.csv", "GET /login", "GET /users", "GET /users/:id", "GET /users/:id/edit", "GET /users/card"],
    ],
    [
      "a folder for each segment",
      {
        "app/routes.ts": "import { autoRoutes } from 'react-router-auto-routes'; export default autoRoutes();",
        "app/routes/users/$id/index.tsx": page,
        "app/routes/users/$id/notes/_layout.tsx": page,
        "app/routes/users/$id/notes/new.tsx": `${page} ${action}`,
        "app/routes/users/$id/+parts/list.tsx": page,
      },
      ["GET /users/:id", "GET /users/:id/notes", "GET /users/:id/notes/new", "POST /users/:id/notes/new"],
    ],
    [
      "routes written down",
      {
        "app/routes.ts":
          "import { type RouteConfig, route, index, layout, prefix } from '@react-router/dev/routes'; export default [index('./home.tsx'), route('about', './about.tsx'), layout('./frame.tsx', [route('login', './login.tsx')]), ...prefix('shop', [index('./shop.tsx'), route(':id/*', './item.tsx', [route('edit', './edit.tsx')])]), route('api', './api.ts'), route(name, './missing.tsx')] satisfies RouteConfig;",
        "app/home.tsx": page,
        "app/about.tsx": page,
        "app/frame.tsx": `${page} ${loader}`,
        "app/login.tsx": `${page} ${action}`,
        "app/shop.tsx": `${page} ${loader}`,
        "app/item.tsx": page,
        "app/edit.tsx": page,
        "app/api.ts": `${loader} ${action}`,
        "app/routes/unused.tsx": page,
      },
      [
        "GET /",
        "GET /about",
        "GET /api",
        "GET /login",
        "GET /shop",
        "GET /shop/:id/*",
        "GET /shop/:id/*/edit",
        "POST /api",
        "POST /login",
      ],
    ],
    [
      "files beside what is written down",
      {
        "app/routes.ts":
          "import { route } from '@react-router/dev/routes'; import { flatRoutes } from '@react-router/fs-routes'; export default [route('/x', './x.tsx'), ...(await flatRoutes())];",
        "app/x.tsx": page,
        "app/routes/y.tsx": page,
      },
      ["GET /x", "GET /y"],
    ],
    [
      "Remix",
      {
        "package.json": JSON.stringify({ name: "a", dependencies: { "@remix-run/react": "2" } }),
        "app/root.tsx":
          "import { Outlet } from '@remix-run/react'; export default Outlet; export const action = () => {};",
        "app/routes/a.tsx": page,
      },
      ["GET /a", "POST /"],
    ],
    [
      "a loader of the browser",
      {
        "app/routes/a.tsx": `${page} export const clientLoader = async () => {};`,
        "app/routes/b.ts": "export const clientAction = () => {};",
      },
      ["GET /a"],
    ],
    [
      "an app of the browser",
      { "react-router.config.ts": "export default { ssr: false };", "app/routes/a.tsx": page },
      [],
    ],
    [
      "nonsense",
      { "app/routes.ts": "export default make();", "app/routes/a.tsx": "export default {{", "app/routes/[.tsx": page },
      ["GET /"],
    ],
  ])("%s", (_, files, routes) => {
    expect(routesOf(app(files))).toEqual(routes);
  });

  it("says how a route is reached, and what runs before it", () => {
    const model = app({
      "app/root.tsx": `${page} ${loader} export const middleware = [first];\nasync function first(args, next) { return next(); }`,
      "app/routes/a.tsx": `${page} ${loader} export const middleware = [async () => {}];`,
      "app/routes/a.b.tsx": `${page} ${loader}`,
      "app/routes/a.c.ts": `${loader} ${action}`,
    });
    const shown = model.routes.map(({ via, method, path, middleware }) => [
      `${via} ${method} ${path}`,
      middleware.map(({ place }) => place.file).join(" "),
    ]);
    expect(shown).toEqual([
      ["page GET /a/b", "app/root.tsx app/routes/a.tsx app/root.tsx app/routes/a.tsx"],
      ["http GET /a/c", "app/root.tsx app/routes/a.tsx"],
      ["http POST /a/c", "app/root.tsx app/routes/a.tsx"],
      ["page GET /a", "app/root.tsx app/routes/a.tsx app/root.tsx"],
    ]);
  });

  it("stands behind the app's own Express server", () => {
    const server = (end: string) =>
      `import express from "express"; import { createRequestHandler } from "@react-router/express"; const app = express(); app.use(function slow(req, res, next) { next(); }); app.use("/admin", function guard(req, res, next) { next(); }); ${end} app.listen(3000);`;
    for (const end of ['app.all("*splat", createRequestHandler({}));', "app.use(createRequestHandler({}));"]) {
      const model = app({ "server.ts": server(end), "app/routes/a.tsx": page, "app/routes/admin.tsx": page });
      const shown = model.routes.map(
        ({ method, path, middleware }) =>
          `${method} ${path}: ${middleware.map(({ fn }) => model.fn(fn ?? "")?.name).join(" ")}`,
      );
      expect(shown.toSorted()).toEqual(["GET /a: slow", "GET /admin: slow guard"]);
    }
  });
});
