/** Finds migrations and seeds in the command that starts every copy of the app. */
import { posix } from "node:path";
import { nodeImages, packedService } from "../../analyzers/deployment/images.ts";
import type { Model, Place, Service } from "../../analyzers/model.ts";
import { isForDevelopment } from "../../analyzers/services/container-files.ts";
import type { Match, Severity } from "../finding.ts";

export const bootRule = "scheduler/migrate-or-seed-on-boot";

interface Step {
  command: RegExp;
  severity: Severity;
  /** What happens when several copies start at once, or each time one starts. */
  harm: string;
}

/** The first that matches decides. */
const steps: readonly Step[] = [
  {
    command: /prisma\s+migrate\s+reset|--force-reset/,
    severity: "error",
    harm: "it empties the database at every start",
  },
  {
    command: /prisma\s+db\s+push/,
    severity: "warning",
    harm: "it changes tables without a migration that somebody has read, and several copies may do it at once",
  },
  {
    command: /prisma\s+migrate\s+dev/,
    severity: "warning",
    harm: "it is made for a developer's machine and may ask to reset the database",
  },
  {
    command:
      /prisma\s+db\s+seed|sequelize(-cli)?\s+db:seed|knex\s+seed:run|\b(npm|yarn|pnpm)\s+(run\s+)?(db:)?seed\b|node\s+\S*seed\S*\.[cm]?js/,
    severity: "warning",
    harm: "every copy writes the sample rows again at every start",
  },
  {
    command:
      /sequelize(-cli)?\s+db:migrate|typeorm\S*\s+migration:run|typeorm\S*\s+schema:sync|drizzle-kit\s+(push|migrate)|migrate-mongo\s+up|mikro-orm\s+migration:up/,
    severity: "warning",
    harm: "nothing keeps several copies from changing the tables at the same time",
  },
  {
    command: /prisma\s+migrate\s+deploy|knex\s+migrate:latest|node-pg-migrate\s+up/,
    severity: "note",
    harm: "a lock keeps copies apart, but all of them wait for it, and a migration that fails keeps the whole app from starting",
  },
];

/** A script that ends in this is for a developer's machine. */
const startsDevServer = /\b(npm|yarn|pnpm|bun)\s+(run\s+)?(start:)?dev\b|\b(next|vite|nuxt)\s+dev\b|\bnodemon\b/;

/** One command with the place in which it stands. */
interface Start extends Place {
  text: string;
}

export function bootCommands(service: Service, model: Model): Match[] {
  const seen = new Set<string>();
  return startsOf(service, model).flatMap(({ text, file, line }) => {
    const found = steps.filter(({ command }) => command.test(text));
    return found.flatMap(({ command, severity, harm }) => {
      const said = command.exec(text)?.[0].replace(/\s+/g, " ") ?? "";
      if (seen.has(said)) return [];
      seen.add(said);
      return [
        {
          rule: bootRule,
          file,
          line,
          confidence: "high",
          severity,
          message: `Every copy of the app runs \`${said}\` when it starts: ${harm}.`,
          also: [],
          routes: [],
          path: [],
          call: null,
          anchor: `${said} at the start of ${service.name}`,
          fix: "brief",
        },
      ];
    });
  });
}

/** The commands of the web process: its image's, its Procfile's, its start script's, with the scripts they run in turn. */
function startsOf(service: Service, model: Model): Start[] {
  const { root, scripts } = service;
  const read = (file: string): string => model.repo.read(file) ?? "";
  const inFolder = (name: string): string => (root === "." ? name : posix.join(root, name));
  const manifest = inFolder("package.json");
  const script = (name: string): Start[] =>
    scripts[name] === undefined
      ? []
      : [{ text: scripts[name], file: manifest, line: lineOf(read(manifest), `"${name}":`) }];
  const procfile = linesOf(inFolder("Procfile"), read, /^web:/);
  const images = model.repo.files.filter(
    (file) => /(^|\/)Dockerfile[^/]*$/.test(file) && posix.dirname(file) === root && !isForDevelopment(file),
  );
  const commands = [
    ...images.flatMap((file) => linesOf(file, read, /^\s*(CMD|ENTRYPOINT)\b/)),
    ...commandsElsewhere(service, model),
  ];
  const shells = [...commands, ...procfile].flatMap(({ text, file }) =>
    scriptsIn(text, file).flatMap((path) => [inFolder(posix.basename(path)), path]),
  );
  const entrypoints = model.repo.files.filter(
    (file) => (shells.includes(file) || file === inFolder("docker-entrypoint.sh")) && !startsDevServer.test(read(file)),
  );
  const first =
    commands.length > 0 || procfile.length > 0
      ? [...commands, ...procfile]
      : [...script("start:prod"), ...script("start")].slice(0, 1);
  const direct = [...first, ...entrypoints.flatMap((file) => linesOf(file, read, /^(?!\s*#)/))];
  const ownPre = first.some(({ file }) => file === manifest) ? script("prestart") : [];
  return [...direct, ...ownPre, ...calledBy(direct, script)];
}

/** Shell scripts that a command names, taken to lie beside its file. */
function scriptsIn(command: string, file: string): string[] {
  const paths = command.match(/[\w./-]+\.sh\b/g) ?? [];
  return paths.map((path) => posix.join(posix.dirname(file), posix.basename(path)));
}

/** Scripts that call scripts, each once. */
function calledBy(direct: readonly Start[], script: (name: string) => Start[]): Start[] {
  const found = new Map<string, Start>();
  let edge = direct;
  while (edge.length > 0) {
    edge = edge
      .flatMap(({ text }) => [...text.matchAll(/\b(?:npm|yarn|pnpm)(?:\s+run)?\s+([\w:.-]+)/g)])
      .flatMap(([, name = ""]) => [...script(`pre${name}`), ...script(name)])
      .filter(({ text }) => !found.has(text));
    for (const each of edge) found.set(each.text, each);
  }
  return [...found.values()];
}

/** What images start whose Dockerfiles lie in another folder than the service they pack. */
function commandsElsewhere(service: Service, model: Model): Start[] {
  return nodeImages(model)
    .filter(({ file }) => posix.dirname(file) !== service.root && !isForDevelopment(file))
    .filter(({ file, image }) => {
      const scripts = [image.entrypoint, image.cmd].flatMap((command) => scriptsIn(command?.text ?? "", file));
      const starts = ({ root }: Service): boolean =>
        root !== "." && scripts.some((script) => (model.repo.read(script) ?? "").includes(`${root}/`));
      return model.services.some(starts) ? starts(service) : packedService(model, file, image) === service;
    })
    .flatMap(({ file, image }) =>
      [image.entrypoint, image.cmd].flatMap((command) =>
        command === null ? [] : [{ file, line: command.line, text: command.argv?.join(" ") ?? command.text }],
      ),
    );
}

function linesOf(file: string, read: (file: string) => string, pattern: RegExp): Start[] {
  return read(file)
    .split("\n")
    .flatMap((text, index) =>
      pattern.test(text) ? [{ text: text.replace(/["',[\]]+/g, " "), file, line: index + 1 }] : [],
    );
}

function lineOf(text: string, part: string): number {
  const at = text.indexOf(part);
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}
