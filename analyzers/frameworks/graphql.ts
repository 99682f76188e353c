/** GraphQL outside Nest: every field with a resolver of the app's own is a route. */
import type { Context } from "../model.ts";
import { graphqlMiddleware } from "./express.ts";
import type { Framework } from "./framework.ts";
import { servedBuilders } from "./graphql/builders.ts";
import { contextHandlers, routeOfField, unique } from "./graphql/fields.ts";
import { servedMaps } from "./graphql/maps.ts";
import { servedTypes } from "./graphql/object-types.ts";
import { servedClasses } from "./graphql/type-graphql.ts";

/** Contexts whose schemas answer nobody. */
const ELSEWHERE: ReadonlySet<Context> = new Set(["test", "browser", "build", "script"]);

export const graphql: Framework = {
  name: "graphql",
  find: (app) => {
    const served = [...servedMaps(app), ...servedClasses(app), ...servedTypes(app), ...servedBuilders(app)].filter(
      ({ call }) => !ELSEWHERE.has(app.contextOf(call.file.path)),
    );
    const routes = served.flatMap(({ call, framework, fields }) => {
      const service = app.serviceOf(call.file.path)?.name ?? "";
      const before = [...graphqlMiddleware(app, service), ...contextHandlers(app, service)];
      return fields.map((field) =>
        routeOfField({ ...field, middleware: [...before, ...field.middleware] }, service, framework),
      );
    });
    return { routes: unique(routes), entries: [] };
  },
};
