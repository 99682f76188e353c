/** What is said of apps that their framework's own command builds, starts and stops, by where they run. */
import { expect, it } from "vitest";
import { analyze } from "../analyzers/index.ts";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import { containers } from "./containers/index.ts";
import { monitoring } from "./monitoring/index.ts";
import { shutdown } from "./shutdown/index.ts";

const next = {
  "package.json": JSON.stringify({
    name: "desk",
    main: "next.config.mjs",
    scripts: { build: "next build", start: "next start" },
    dependencies: { next: "^16.0.0", react: "^19.2.0" },
  }),
  "next.config.mjs": "export default {};",
  "app/api/orders/route.ts": "export async function GET() { return Response.json([]); }",
};
const kit = {
  "package.json": JSON.stringify({
    name: "desk",
    scripts: { build: "vite build", start: "node build" },
    devDependencies: { "@sveltejs/kit": "^2.0.0", "@sveltejs/adapter-node": "^5.0.0" },
  }),
  "svelte.config.js": "import adapter from '@sveltejs/adapter-node'; export default { kit: { adapter: adapter() } };",
  "src/routes/orders/+server.ts": "export const GET = () => new Response('[]');",
};
const image = { Dockerfile: 'FROM node:24\nCOPY . .\nUSER node\nCMD ["node", "build"]\n' };

it.each<[string, Record<string, string>, string[]]>([
  ["Next on Vercel", { ...next, "vercel.json": "{}" }, ["not_applicable", "not_applicable", "not_applicable"]],
  ["Next, nobody says where", next, ["not_yet", "not_yet", "not_yet"]],
  ["SvelteKit in a container", { ...kit, ...image }, ["not_yet", "not_yet", "not_yet"]],
  [
    "nothing that answers",
    { "package.json": JSON.stringify({ name: "tool", scripts: { start: "node a.js" } }), "a.js": "console.log(1);" },
    ["not_applicable", "not_applicable", "not_applicable"],
  ],
])("%s", async (_, files, verdicts) => {
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect([monitoring, shutdown, containers].map((each) => each.whenQuiet(model).verdict)).toEqual(verdicts);
});
