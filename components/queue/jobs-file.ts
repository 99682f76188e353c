/** `jobs.ts`: the names under which the app's own functions are queued. */
import { posix } from "node:path";
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { exportDeclaration } from "../../patches/editors/exports.ts";
import { bindingsOf } from "../../patches/editors/import-declarations.ts";
import { openSource, styleFor } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import type { Style } from "../../patches/editors/style.ts";
import type { Move } from "./plan-moves.ts";
import type { Home } from "./queue-files.ts";

interface Origin {
  from: string;
  /** `default`, `*` (the whole module) or an exported name. */
  imported: string;
  edits: Edit[];
}

interface Entry {
  job: string;
  origin: Origin;
  local: string;
  members: string[];
  /** The members are those of what Nest hands out for the class. */
  isProvided: boolean;
}

export function jobsFile(
  home: Home,
  moves: readonly Move[],
  model: Model,
): { text: string; named: Move[]; edits: Edit[] } {
  const file = home.file("jobs");
  const style = styleFor(model.repo, file);
  const entries = new Map<string, Entry>();
  const named: Move[] = [];
  for (const move of moves) {
    const origin = originOf(move, file, style, model);
    if (origin === null) continue;
    const key = JSON.stringify([origin.from, origin.imported, move.callee.members]);
    const entry = entries.get(key) ?? {
      job: freeJob(
        move.job,
        [...entries.values()].map(({ job }) => job),
      ),
      origin,
      local: freeLocal(move.callee.root, origin, [...entries.values()]),
      members: move.callee.members,
      isProvided: move.provider !== null,
    };
    entries.set(key, entry);
    named.push({ ...move, job: entry.job });
  }
  const list = [...entries.values()];
  return { text: textOf(list, style), named, edits: list.flatMap(({ origin }) => origin.edits) };
}

/** Where the callee's first name comes from: another module, or the calling file itself, which then exports it. */
function originOf({ call, callee }: Move, jobs: string, style: Style, model: Model): Origin | null {
  const source = openSource(model.repo, call.file);
  if (source === null) return null;
  const binding = bindingsOf(source).find(({ local, typeOnly }) => local === callee.root && !typeOnly);
  if (binding !== undefined)
    return { from: rebased(binding.from, call.file, jobs), imported: binding.imported, edits: [] };
  const exported = exportDeclaration(source, callee.root);
  if (exported === null) return null;
  return { from: specifierFor(jobs, call.file, style), imported: exported.as, edits: exported.edits };
}

/** A relative specifier as it must read in another folder; package names and aliases stay. */
function rebased(specifier: string, file: string, into: string): string {
  if (!specifier.startsWith(".")) return specifier;
  const path = posix.relative(posix.dirname(into), posix.join(posix.dirname(file), specifier));
  return path.startsWith(".") ? path : `./${path}`;
}

function freeJob(name: string, taken: readonly string[]): string {
  let number = 2;
  let free = name;
  for (; taken.includes(free); number += 1) free = `${name}-${number}`;
  return free;
}

/** The name of the import in `jobs.ts`; one name may come from two modules of the app. */
function freeLocal(name: string, { from, imported }: Origin, others: readonly Entry[]): string {
  const same = others.find(({ origin }) => origin.from === from && origin.imported === imported);
  if (same !== undefined) return same.local;
  let free = name;
  for (let number = 2; others.some(({ local }) => local === free) || free === "jobs"; number += 1)
    free = `${name}${number}`;
  return free;
}

const head =
  "/**\n * The work that runs in the worker, by job name. A stored job is found by its name: keep it while\n * jobs are waiting.\n */\n";

function textOf(entries: readonly Entry[], style: Style): string {
  const lazy = style.modules === "commonjs" && style.language === "javascript";
  const imports = lazy ? [] : importsOf(entries);
  const lines = entries.map((entry) => (lazy ? requiring(entry) : calling(entry)));
  const gap = imports.length > 0 ? "\n" : "";
  const template = `${head}${imports.join("")}${gap}export const jobs = {\n${lines.join("")}};\n`;
  return toDialect(template, style, {
    specifiers: Object.fromEntries(entries.map(({ origin }) => [origin.from, origin.from])),
  });
}

function importsOf(entries: readonly Entry[]): string[] {
  const byLocal = new Map(entries.map((entry) => [entry.local, entry]));
  return [...byLocal.values()]
    .toSorted((a, b) => (a.origin.from < b.origin.from ? -1 : 1))
    .map(
      ({ origin: { from, imported }, local }) => `import ${clauseOf(imported, local)} from ${JSON.stringify(from)};\n`,
    );
}

function clauseOf(imported: string, local: string): string {
  if (imported === "default") return local;
  if (imported === "*") return `* as ${local}`;
  return imported === local ? `{ ${local} }` : `{ ${imported} as ${local} }`;
}

function calling(entry: Entry): string {
  return entry.isProvided ? providing(entry) : plain(entry);
}

/** The class is asked for when the job runs: modules of a Nest app often load each other. */
function providing({ job, local, members: [method = ""] }: Entry): string {
  const name = `${local.charAt(0).toLowerCase()}${local.slice(1)}`;
  return [
    `  ${keyOf(job)}: {`,
    `    provider: () => ${local},`,
    `    run: (${name}: ${local}, ...values: Parameters<${local}["${method}"]>) =>`,
    `      ${name}.${method}(...values),`,
    "  },\n",
  ].join("\n");
}

function plain({ job, local, members }: Entry): string {
  const path = [local, ...members].join(".");
  const head = `  ${keyOf(job)}: (...values: Parameters<typeof ${path}>) =>`;
  const body = `${path}(...values),\n`;
  return head.length + body.length > 100 ? `${head}\n    ${body}` : `${head} ${body}`;
}

/** CommonJS copies what it requires, so a module that is still loading must be asked for later: when the job runs. */
function requiring({ job, origin, members }: Entry): string {
  const name = origin.imported === "*" ? [] : [origin.imported];
  const path = [`require(${JSON.stringify(origin.from)})`, ...name, ...members].join(".");
  return `  ${keyOf(job)}: (...values) => ${path}(...values),\n`;
}

function keyOf(job: string): string {
  return /^[a-z]\w*$/.test(job) ? job : JSON.stringify(job);
}
