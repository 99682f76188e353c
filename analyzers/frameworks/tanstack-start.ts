/** TanStack Start: server functions, and the handlers and loaders of file routes. */
import type { Framework } from "./framework.ts";
import { hasFramework } from "./service-files.ts";
import { fileRoutes } from "./tanstack-start/file-routes.ts";
import { serverFunctions } from "./tanstack-start/server-functions.ts";

export const tanstackStart: Framework = {
  name: "tanstack-start",
  find: (app) => ({
    routes: app.services.some((service) => hasFramework(service, "tanstack-start"))
      ? [...serverFunctions(app), ...fileRoutes(app)]
      : [],
    entries: [],
  }),
};
