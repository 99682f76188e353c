/** Finds calls that keep the only thread busy in the middle of a request: nobody else is answered until they are done. */
import { indexIn } from "../../analyzers/ids.ts";
import { conditionsOf, isDoneOnce, isForDevelopment } from "../../analyzers/code/conditions.ts";
import type { Model, Reach, Use } from "../../analyzers/model.ts";
import type { Summary, Value } from "../../analyzers/summary.ts";
import type { Match } from "../finding.ts";
import { evidenceOf, provenBy } from "../evidence.ts";
import { anchorOf, routesIn } from "./words.ts";
import { routeWays } from "./work.ts";

const sheets = /^(xlsx|node-xlsx|exceljs|xlsx-populate)\b/;

/** What a call of these apis does while nothing else runs, and for how long. */
const heavy: readonly { api: RegExp; does: string }[] = [
  {
    api: /^(bcrypt|bcryptjs|bcrypt-nodejs):(hashSync|compareSync)$|^node:crypto:(scryptSync|pbkdf2Sync|argon2Sync)$|^argon2:hashSync$/,
    does: "computes a hash that is made to take long",
  },
  { api: /^node:crypto:generateKeyPairSync$/, does: "searches for prime numbers for up to some seconds" },
  { api: /^node:zlib:\w+Sync$/, does: "packs or unpacks data, longer the more there is" },
  { api: /^node:child_process:\w+Sync$/, does: "waits for another program to end" },
  {
    api: sheets,
    does: "reads or writes a whole spreadsheet, seconds for a large one",
  },
  { api: /^(csv-parse\/sync|csv-stringify\/sync):/, does: "goes through a whole file of rows at once" },
];
/** Rounds of PBKDF2 that take some milliseconds at most: 10,000 of SHA-512 took 4.4 ms (`crypto.pbkdf2Sync` of 64 bytes in Node 24). */
const fewRounds = 10_000;

/** What apps do once, when they are set up. */
const seldom = /generateKeyPairSync$/;
/** Reads and writes of a whole file; they matter when the file is a user's. */
const fileApi = /^(node:fs|fs-extra):(readFileSync|writeFileSync|appendFileSync|copyFileSync)$/;

/** Written alike wherever an account is made: the same change mends all of them. */
const hashes = /:(hashSync|compareSync)$/;

interface Blocking {
  use: Use;
  does: string;
  ways: Reach[];
}

/** One finding per function: what it does there is one stop for everybody else. Hashes of passwords are one per service. */
export function heavyWork(model: Model): Match[] {
  const uploads = ["node:fs", "fs-extra"]
    .flatMap((name) => model.usesOf(`${name}:*`))
    .filter((use) => holdsUpload(use, model));
  const byFunction = new Map<string, Blocking[]>();
  for (const use of [...model.usesOfKind("cpu"), ...uploads]) {
    const does = isLeftOut(use, model) ? null : deedOf(use);
    const { waiting, detached } = does === null ? { waiting: [], detached: [] } : routeWays(use.call, model);
    const ways = [...waiting, ...detached].filter((way) => !isSmallSheet(use, way));
    if (does === null || ways.length === 0) continue;
    const key = hashes.test(use.api) ? `${model.service(use.call.file)?.root ?? ""} ${use.package}` : use.call.fn;
    byFunction.set(key, [...(byFunction.get(key) ?? []), { use, does, ways }]);
  }
  const byPlace = (a: Blocking, b: Blocking): number =>
    a.use.call.file.localeCompare(b.use.call.file) || a.use.call.line - b.use.call.line;
  return [...byFunction.values()].flatMap((found) => matchFor(found.toSorted(byPlace), model));
}

function matchFor([first, ...others]: readonly Blocking[], model: Model): Match[] {
  if (first === undefined) return [];
  const { use, does } = first;
  const ways = [first, ...others].flatMap((each) => each.ways);
  return [
    {
      rule: "queue/heavy-cpu-in-request",
      file: use.call.file,
      line: use.call.line,
      confidence: seldom.test(use.api) ? "low" : provenBy(use.certainty, ways),
      message: `\`${shortName(use.api)}\` ${does}: while ${routesIn(ways)} is in it, this process answers nobody else.`,
      also: others.map((other) => ({ file: other.use.call.file, line: other.use.call.line })),
      ...evidenceOf(ways),
      call: use.call.id,
      anchor: anchorOf(use.api, use.call.fn, model),
      fix: "brief",
    },
  ];
}

/** A sheet to fill in holds a head and an example, not a table's rows. */
function isSmallSheet({ api }: Use, { entry, path }: Reach): boolean {
  const names = [entry.label, ...path.map(({ label }) => label)];
  return sheets.test(api) && names.some((name) => /template|sample|example/i.test(name));
}

/** Done soon, done once for all, or only where developers work: `if (process.env.NODE_ENV === "development")` stands around it. */
function isLeftOut({ api, call }: Use, model: Model): boolean {
  const [, , rounds] = call.args;
  if (api.endsWith(":pbkdf2Sync") && rounds?.kind === "literal" && Number(rounds.value) <= fewRounds) return true;
  const text = model.repo.read(call.file) ?? "";
  const tests = conditionsOf(text, call.span);
  return isDoneOnce(text, call) || tests.some(isForDevelopment);
}

function deedOf({ api }: Use): string | null {
  if (fileApi.test(api)) return "reads or writes a user's whole file at once";
  return heavy.find((each) => each.api.test(api))?.does ?? null;
}

function shortName(api: string): string {
  const path = api.slice(api.indexOf(":", api.startsWith("node:") ? 5 : 0) + 1).replace(/^.*\./, "");
  return path === "" ? api.replace(/:$/, "") : path;
}

/** The call is given what a user uploaded: `req.file.path`, `req.file.buffer`. */
function holdsUpload({ api, call }: Use, model: Model): boolean {
  if (!fileApi.test(api)) return false;
  const summary = model.summary(call.file);
  const args = summary?.calls[indexIn(call.id)]?.args ?? [];
  return summary !== null && args.some((arg) => isUpload(arg, summary, 4));
}

function isUpload(value: Value, summary: Summary, steps: number): boolean {
  if (steps === 0) return false;
  if (value.kind === "member") {
    const isRequest = value.object.kind === "param" && /^(req|request)$/.test(nameOf(value.object, summary));
    return (isRequest && /^files?$/.test(value.property)) || isUpload(value.object, summary, steps);
  }
  if (value.kind !== "name") return false;
  const bindings = summary.functions[value.fn]?.bindings ?? {};
  const bound = Object.hasOwn(bindings, value.name) ? (bindings[value.name] ?? []) : [];
  return bound.some((each) => isUpload(each, summary, steps - 1));
}

function nameOf({ fn, index }: { fn: number; index: number }, summary: Summary): string {
  return summary.functions[fn]?.params[index]?.name ?? "";
}
