/** Images and production compose files that start a tool for developers instead of the app. */
import { composedServices } from "../../analyzers/deployment/compose.ts";
import { expanded } from "../../analyzers/deployment/expanded.ts";
import { packedService, shippedImages } from "../../analyzers/deployment/images.ts";
import type { Model, Place } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";
import { withoutDevServer } from "./mend-dev-server.ts";

const watches =
  "waits for a change to a file when the app crashes, so nothing restarts it and users meet a dead address";
const compiles =
  "compiles while users wait, shows them source and errors, and was never meant for more than one visitor";

/** Commands of developers' tools, the name to call them by, and what they do in production. */
const devServers: readonly { command: RegExp; name: string; does: string }[] = [
  { command: /\bnodemon\b/, name: "nodemon", does: watches },
  { command: /\b(ts-node-dev|tsnd)\b/, name: "ts-node-dev", does: watches },
  { command: /\btsx\s+watch\b/, name: "tsx watch", does: watches },
  { command: /\b(node|bun)\s+(\S+\s+)*--watch\b/, name: "a file watcher", does: watches },
  { command: /\b(node-dev|tsc-watch|pm2-dev)\b/, name: "a file watcher", does: watches },
  { command: /\bnest\s+start\b.*\s(--watch|-w)\b/, name: "nest start --watch", does: watches },
  { command: /\bnext\s+dev\b/, name: "next dev", does: compiles },
  { command: /\breact-scripts\s+start\b/, name: "react-scripts start", does: compiles },
  {
    command: /\b(nuxt|nuxi|astro|remix|react-router|svelte-kit)\s+(vite:)?dev\b/,
    name: "a development server",
    does: compiles,
  },
  { command: /\bng\s+serve\b/, name: "ng serve", does: compiles },
  { command: /\bvue-cli-service\s+serve\b/, name: "vue-cli-service serve", does: compiles },
  { command: /\bwebpack(-dev-server\b|\s+serve\b)/, name: "webpack's development server", does: compiles },
  { command: /\bgatsby\s+develop\b/, name: "gatsby develop", does: compiles },
  { command: /(^|[\s;&|])vite(\s+(dev|serve|-\S+.*))?\s*($|[;&|])/, name: "vite", does: compiles },
];

export function devServerMatches(model: Model): Match[] {
  return [...inImages(model), ...inCompose(model)];
}

/** Whether an image starts a developers' tool, for rules that would only say the same in other words. */
export function startsDevServer(model: Model, file: string): boolean {
  return inImages(model).some((each) => each.file === file);
}

function inImages(model: Model): Match[] {
  const shipped = model.deploy.some(({ target }) => !["docker", "vm", "heroku"].includes(target));
  return shippedImages(model).flatMap((shippedOne) => {
    const { file, image } = shippedOne;
    const commands = [image.entrypoint, image.cmd].filter((each) => each !== null);
    const text = commands.map(({ argv, text: line }) => argv?.join(" ") ?? line).join(" ");
    const place = { file, line: commands.at(-1)?.line ?? image.from.line };
    const matches = found(
      model,
      place,
      packedService(model, file, image)?.root ?? ".",
      text,
      shipped ? "high" : "medium",
    );
    const isCertain = matches.length > 0 && withoutDevServer(shippedOne, model) !== null;
    return isCertain ? matches.map((each) => ({ ...each, fix: "patch" as const })) : matches;
  });
}

function inCompose(model: Model): Match[] {
  return composedServices(model.repo).flatMap(({ purpose, build, command, file, line }) =>
    purpose !== "production" || build === null || command === null
      ? []
      : found(model, { file, line }, build, command, "high"),
  );
}

function found(model: Model, place: Place, root: string, command: string, confidence: Match["confidence"]): Match[] {
  const commands = expanded(model.repo, root, command);
  const tool = devServers.find((each) => commands.some((line) => each.command.test(line)));
  if (tool === undefined) return [];
  return [
    match("dockerfile-dev-server", place, {
      confidence,
      message: `The container starts ${tool.name}, a tool for developers: it ${tool.does}.`,
      anchor: `${place.file} ${tool.name}`,
    }),
  ];
}
