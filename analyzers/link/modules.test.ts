import { describe, expect, it } from "vitest";
import { memoryRepo } from "../repo/memory.ts";
import { createModules } from "./modules.ts";

type Case = [name: string, files: Record<string, string>, from: string, specifier: string, expected: string];

const file = (text = "") => text;

describe("module resolution", () => {
  it.each<Case>([
    ["without extension", { "src/a.ts": file(), "src/b.ts": file() }, "src/a.ts", "./b", "src/b.ts"],
    ["with extension", { "a.js": file(), "lib/b.mjs": file() }, "a.js", "./lib/b.mjs", "lib/b.mjs"],
    [".js written for .ts", { "a.ts": file(), "b.ts": file() }, "a.ts", "./b.js", "b.ts"],
    [".js written for .tsx", { "a.ts": file(), "b.tsx": file() }, "a.ts", "./b.js", "b.tsx"],
    [".mjs written for .mts", { "a.ts": file(), "b.mts": file() }, "a.ts", "./b.mjs", "b.mts"],
    ["a name with a dot", { "a.ts": file(), "user.service.ts": file() }, "a.ts", "./user.service", "user.service.ts"],
    ["index of a folder", { "a.js": file(), "routes/index.js": file() }, "a.js", "./routes", "routes/index.js"],
    ["index with slash", { "a.js": file(), "routes/index.ts": file() }, "a.js", "./routes/", "routes/index.ts"],
    ["file before folder", { "a.js": file(), "b.js": file(), "b/index.js": file() }, "a.js", "./b", "b.js"],
    ["the folder itself", { "lib/a.js": file(), "lib/index.js": file() }, "lib/a.js", ".", "lib/index.js"],
    ["the folder above", { "lib/x/a.js": file(), "lib/index.js": file() }, "lib/x/a.js", "..", "lib/index.js"],
    [
      "main of a folder",
      { "a.js": file(), "m/package.json": '{"main":"lib/x.js"}', "m/lib/x.js": file() },
      "a.js",
      "./m",
      "m/lib/x.js",
    ],
    ["other case", { "a.js": file(), "models/User.js": file() }, "a.js", "./models/user", "models/User.js (any case)"],
    ["two of other case", { "a.js": file(), "B.js": file(), "b.JS": file() }, "a.js", "./b", "missing"],
    ["out of the tree", { "a.js": file() }, "a.js", "../../etc/passwd", "missing"],
    ["not there", { "a.js": file() }, "a.js", "./nothing", "missing"],
    ["builtin", { "a.js": file() }, "a.js", "fs", "package node:fs"],
    ["builtin with scheme", { "a.js": file() }, "a.js", "node:fs/promises", "package node:fs/promises"],
    ["package", { "a.js": file() }, "a.js", "express", "package express"],
    ["package subpath", { "a.js": file() }, "a.js", "@scope/p/sub", "package @scope/p: @scope/p/sub"],
    [
      "SvelteKit's $lib",
      { "svelte.config.js": file(), "src/routes/+page.ts": file(), "src/lib/server/db.ts": file() },
      "src/routes/+page.ts",
      "$lib/server/db",
      "src/lib/server/db.ts",
    ],
    [
      "$lib that leads nowhere",
      { "svelte.config.js": file(), "src/a.ts": file() },
      "src/a.ts",
      "$lib/paraglide/messages",
      "missing",
    ],
    [
      "an alias of svelte.config",
      {
        "web/svelte.config.js": file(
          "export default { kit: { alias: { $: 'src', $server: path.resolve('./src/server/') } } };",
        ),
        "web/src/server/db.ts": file(),
        "web/src/a.ts": file(),
      },
      "web/src/a.ts",
      "$server/db",
      "web/src/server/db.ts",
    ],
    [
      "Nuxt's ~ where the app has a folder",
      { "nuxt.config.ts": file(), "app/composables/x.ts": file(), "app/pages/a.vue": file() },
      "app/pages/a.vue",
      "~/composables/x",
      "app/composables/x.ts",
    ],
    [
      "Nuxt's ~ where it has none, and ~~",
      { "nuxt.config.ts": file(), "server/utils/db.ts": file(), "server/api/a.ts": file() },
      "server/api/a.ts",
      "~~/server/utils/db",
      "server/utils/db.ts",
    ],
    [
      "a package under Nuxt",
      { "nuxt.config.ts": file(), "server/a.ts": file() },
      "server/a.ts",
      "@vueuse/core",
      "package @vueuse/core",
    ],
    ["a NUL byte", { "a.js": file() }, "a.js", "./a\0", "missing"],
    ["nothing at all", { "a.js": file() }, "a.js", "", "missing"],
    ["an absolute path", { "a.js": file() }, "a.js", "/etc/passwd", "missing"],
  ])("%s", (_, files, from, specifier, expected) => {
    expect(resolved(files, from, specifier)).toBe(expected);
  });

  it.each<Case>([
    [
      "paths of tsconfig with comments",
      {
        "tsconfig.json": '{ // c\n "compilerOptions": { "paths": { "@/*": ["./src/*"], } } }',
        "src/a.ts": file(),
        "src/lib/b.ts": file(),
      },
      "src/a.ts",
      "@/lib/b",
      "src/lib/b.ts",
    ],
    [
      "paths through extends",
      {
        "tsconfig.base.json": '{"compilerOptions":{"baseUrl":"src","paths":{"~lib/*":["lib/*"]}}}',
        "app/tsconfig.json": '{"extends":"../tsconfig.base.json"}',
        "app/a.ts": file(),
        "src/lib/b.ts": file(),
      },
      "app/a.ts",
      "~lib/b",
      "src/lib/b.ts",
    ],
    [
      "paths through references",
      {
        "tsconfig.json": '{"references":[{"path":"./tsconfig.app.json"}]}',
        "tsconfig.app.json": '{"compilerOptions":{"paths":{"@/*":["src/*"]}}}',
        "src/a.ts": file(),
        "src/b.ts": file(),
      },
      "src/a.ts",
      "@/b",
      "src/b.ts",
    ],
    [
      "a config that extends itself",
      {
        "tsconfig.json": '{"extends":"./tsconfig.json","compilerOptions":{"paths":{"x":["b.ts"]}}}',
        "a.ts": file(),
        "b.ts": file(),
      },
      "a.ts",
      "x",
      "b.ts",
    ],
    [
      "the longest pattern wins",
      {
        "tsconfig.json": '{"compilerOptions":{"paths":{"@/*":["src/*"],"@/db/*":["db/*"]}}}',
        "a.ts": file(),
        "db/x.ts": file(),
        "src/db/x.ts": file(),
      },
      "a.ts",
      "@/db/x",
      "db/x.ts",
    ],
    [
      "baseUrl",
      { "tsconfig.json": '{"compilerOptions":{"baseUrl":"./src"}}', "src/a.ts": file(), "src/lib/b.ts": file() },
      "src/a.ts",
      "lib/b",
      "src/lib/b.ts",
    ],
    [
      "baseUrl is no wall",
      { "tsconfig.json": '{"compilerOptions":{"baseUrl":"./src"}}', "src/a.ts": file() },
      "src/a.ts",
      "express",
      "package express",
    ],
    [
      "an alias that leads nowhere",
      { "tsconfig.json": '{"compilerOptions":{"paths":{"@/*":["src/*"]}}}', "a.ts": file() },
      "a.ts",
      "@/gone",
      "missing",
    ],
    [
      "jsconfig",
      { "jsconfig.json": '{"compilerOptions":{"paths":{"@/*":["./*"]}}}', "a.js": file(), "b.js": file() },
      "a.js",
      "@/b",
      "b.js",
    ],
    ["a broken tsconfig", { "tsconfig.json": "{{{", "a.ts": file(), "b.ts": file() }, "a.ts", "./b", "b.ts"],
  ])("%s", (_, files, from, specifier, expected) => {
    expect(resolved(files, from, specifier)).toBe(expected);
  });

  it.each<Case>([
    [
      "#imports",
      { "package.json": '{"imports":{"#lib/*":"./src/lib/*.js"}}', "a.js": file(), "src/lib/b.js": file() },
      "a.js",
      "#lib/b",
      "src/lib/b.js",
    ],
    [
      "#imports to compiled files",
      {
        "package.json": '{"imports":{"#db":{"types":"./dist/db.d.ts","default":"./dist/db.js"}}}',
        "a.ts": file(),
        "src/db.ts": file(),
      },
      "a.ts",
      "#db",
      "src/db.ts",
    ],
    [
      "a workspace by main",
      {
        "packages/core/package.json": '{"name":"@x/core","main":"dist/index.js"}',
        "packages/core/src/index.ts": file(),
        "a.ts": file(),
      },
      "a.ts",
      "@x/core",
      "packages/core/src/index.ts",
    ],
    [
      "a workspace by exports",
      {
        "p/package.json": '{"name":"p","exports":{".":{"import":"./lib/main.js"},"./mail":"./src/mail.ts"}}',
        "p/src/main.ts": file(),
        "p/src/mail.ts": file(),
        "a.ts": file(),
      },
      "a.ts",
      "p/mail",
      "p/src/mail.ts",
    ],
    [
      "a workspace by exports, root",
      { "p/package.json": '{"name":"p","exports":"./dist/index.mjs"}', "p/src/index.mts": file(), "a.ts": file() },
      "a.ts",
      "p",
      "p/src/index.mts",
    ],
    [
      "a workspace subpath without exports",
      { "p/package.json": '{"name":"p"}', "p/src/x.ts": file(), "a.ts": file() },
      "a.ts",
      "p/x",
      "p/src/x.ts",
    ],
    [
      "a workspace with nothing named",
      { "p/package.json": '{"name":"p"}', "p/index.js": file(), "a.ts": file() },
      "a.ts",
      "p",
      "p/index.js",
    ],
    [
      "module-alias",
      { "package.json": '{"_moduleAliases":{"@root":"."}}', "a.js": file(), "lib/b.js": file() },
      "a.js",
      "@root/lib/b",
      "lib/b.js",
    ],
    ["a package.json that is none", { "package.json": "[1,2", "a.js": file() }, "a.js", "x", "package x"],
  ])("%s", (_, files, from, specifier, expected) => {
    expect(resolved(files, from, specifier)).toBe(expected);
  });
});

function resolved(files: Record<string, string>, from: string, specifier: string): string {
  const found = createModules(memoryRepo(files)).resolve(from, specifier);
  if (found.kind === "file") return found.anyCase ? `${found.file} (any case)` : found.file;
  if (found.kind === "missing") return "missing";
  return found.name === found.specifier ? `package ${found.name}` : `package ${found.name}: ${found.specifier}`;
}
