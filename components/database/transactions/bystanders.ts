/** What else is called between the writes: a transaction holds rows and a connection, so nothing slow, and nothing that cannot be taken back. */
import { closureOf } from "../../../analyzers/code/closure.ts";
import { usesWithin } from "../../../analyzers/code/uses-within.ts";
import { calledName } from "../../../analyzers/flow/calls.ts";
import { indexIn } from "../../../analyzers/ids.ts";
import type { CallSite, Model, SinkKind, Use } from "../../../analyzers/model.ts";
import { queriesIn } from "../../../analyzers/queries/siblings.ts";

/** Why a call must not stand in a transaction; null for one that only works out a value, or notes something. */
export function obstacleOfCall(site: CallSite, model: Model): string | null {
  const callee = model.summary(site.file)?.calls[indexIn(site.id)]?.callee;
  const name = callee === undefined ? "" : calledName(callee);
  const shown = `\`${name}\``;
  if (/^(res|response|reply)\b/.test(name)) return `${shown} answers the request between them`;
  const uses = model.usesAt(site);
  const outside = uses.find(({ kind }) => kind !== null && kind !== "log");
  if (outside !== undefined) return `${shown} is called between them, which a transaction cannot take back`;
  const targets = model.targets(site);
  if (targets.length > 0)
    return targets.every(({ id }) => isQuiet(id, model))
      ? null
      : `${shown} is called between them and does more than work out a value`;
  if (uses.length > 0 && uses.every((use) => isOnRows(use, site))) return null;
  if (uses.some(({ package: from }) => !quietPackages.test(from)) && !isWorkedOut(site))
    return `what ${shown} between them does is not known`;
  return uses.length > 0 || isPlain(name, site) ? null : `what ${shown} between them does is not known`;
}

const kinds: readonly SinkKind[] = [
  "mail",
  "push",
  "model",
  "payment",
  "http",
  "image",
  "pdf",
  "database-read",
  "database-write",
  "cache",
  "queue",
  "storage",
  "file-write",
  "session",
  "rate-limit",
  "schedule",
  "error-tracking",
  "cpu",
];

/** A function that waits for nothing and asks nobody, nor does any that it calls. */
function isQuiet(id: string, model: Model): boolean {
  const fns = [...closureOf({ id }, model)].filter((each) => model.fn(each)?.isModule === false);
  return (
    fns.every((each) => model.fn(each)?.async === false && queriesIn(each, model).length === 0) &&
    usesWithin(fns, kinds, model).length === 0
  );
}

const quietPackages =
  /^(global|node:(crypto|path|url|util|assert)|crypto|uuid|nanoid|date-fns.*|dayjs|moment|luxon|lodash.*|zod|http-errors|@trpc\/server|@nestjs\/common|@paralleldrive\/cuid2|cuid|ulid|decimal\.js|slugify|@prisma\/client|\.prisma\/client|drizzle-orm.*|knex)$/;

const rowPackages = /^(typeorm|@nestjs\/typeorm|sequelize|@prisma\/client|mongoose|pg|drizzle-orm.*)$/;

/** `cart.items.push(item)` on what was read, `orders.create(row)` of TypeORM: nothing that asks the database. */
function isOnRows({ api, package: from }: Use, { awaited }: CallSite): boolean {
  const last = api.split(".").at(-1) ?? "";
  if (from.endsWith("typeorm") && /^(create|merge)$/.test(last)) return true;
  return !awaited && rowPackages.test(from) && (last === "push" || plainMethods.has(last));
}

/** Nobody waits for it, and its value is used: it was made on the spot. */
function isWorkedOut({ awaited, use }: CallSite): boolean {
  return !awaited && (use === "assigned" || use === "argument" || use === "other");
}

const plainMethods = new Set(
  "map filter forEach findIndex findLast some every reduce includes indexOf pop shift unshift slice splice concat join split trim toLowerCase toUpperCase toString toFixed toISOString toJSON getTime keys values entries has replace replaceAll match test parse stringify floor ceil round max min abs isArray from of fromEntries assign freeze sort reverse flat flatMap at localeCompare padStart padEnd startsWith endsWith substring substr charAt repeat getFullYear getMonth getDate getHours getMinutes getDay setDate setMonth setFullYear setHours setMinutes setSeconds toNumber plus minus times mul sub div equals now isNaN isFinite isInteger all randomUUID error warn info debug log".split(
    " ",
  ),
);

/** `items.map(...)`, `Number(x)`, `new ApiError(404)`; nobody waits for any of them. */
function isPlain(name: string, { awaited, isNew }: CallSite): boolean {
  const last = name.split(".").at(-1) ?? "";
  // What a callback of `map` does is looked at by itself.
  if (/^(all|map|flatMap)$/.test(last)) return true;
  if (plainMethods.has(last)) return true;
  if (awaited) return false;
  if (isNew) return /(Error|Exception|Date|Map|Set|Decimal|ObjectId)$/.test(last);
  return (
    /^(get|set|add|delete|find|push)$/.test(last) ||
    /^(Number|String|Boolean|BigInt|Date|parseInt|parseFloat|structuredClone|(en|de)codeURI(Component)?)$/.test(last)
  );
}
