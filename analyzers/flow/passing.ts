/** Calls whose value is, for whoever follows it, one of their arguments or the object they are called on. */
import { patternTable } from "../link/pattern.ts";

/** Methods whose result is a list of the same things, or the same text: the object is followed with the same path. */
const SAME = new Set(
  (
    "filter slice concat reverse sort flat toSorted toReversed toSpliced splice values with fill " +
    "catch finally toString trim toLowerCase toUpperCase valueOf toISOString toHexString substring substr toFixed " +
    "padStart padEnd toArray toJSON toObject json text getAll replace replaceAll normalize clone split " +
    "to_dict to_json as_dict serialize dict model_dump copy lower strip"
  ).split(" "),
);
/** Methods that give one item of the list they are called on. */
const ONE = new Set(["find", "findLast", "at", "pop", "shift", "get"]);
/** Methods whose result is made from the items, one by one. */
const MAPPED = new Set(["map", "flatMap"]);

/** How a method hands on the object it is called on. */
export type Handing = "same" | "one" | "mapped" | "folded" | "pairs" | "then" | null;

export function handingOf(method: string): Handing {
  if (SAME.has(method)) return "same";
  if (ONE.has(method)) return "one";
  if (MAPPED.has(method)) return "mapped";
  if (method === "reduce" || method === "reduceRight" || method === "join") return "folded";
  if (method === "entries" || method === "items") return "pairs";
  return method === "then" ? "then" : null;
}

/** Global functions by name, `Object.values`: `same` hands on the first argument, `computed` makes something of all, `any` gives one item. */
const GLOBALS: Readonly<Record<string, "same" | "computed" | "pairs" | "all" | "any">> = {
  Number: "same",
  String: "same",
  BigInt: "same",
  parseInt: "same",
  parseFloat: "same",
  "Number.parseInt": "same",
  "Number.parseFloat": "same",
  decodeURIComponent: "same",
  "JSON.stringify": "same",
  "JSON.parse": "same",
  structuredClone: "same",
  "Array.from": "same",
  "Object.values": "same",
  "Object.freeze": "same",
  "Object.fromEntries": "same",
  "Object.entries": "pairs",
  "Object.keys": "computed",
  "Object.assign": "all",
  "Promise.all": "same",
  "Promise.allSettled": "same",
  "Promise.race": "any",
  "Promise.any": "any",
  "Promise.resolve": "same",
  "Math.min": "computed",
  "Math.max": "computed",
  "Math.round": "computed",
  "Math.floor": "computed",
  "Math.ceil": "computed",
  "Math.trunc": "computed",
  "Math.abs": "computed",
};

export function globalHanding(name: string): (typeof GLOBALS)[string] | null {
  return Object.hasOwn(GLOBALS, name) ? (GLOBALS[name] ?? null) : null;
}

/** Constructions that hold what they are given: `new Map(pairs)`, `new ObjectId(id)`, `new URL(request.url)`. */
export function holdsArgument(name: string): boolean {
  return /(^|\.)(Map|Set|ObjectId|ObjectID|URL|URLSearchParams|Date|Promise)$/.test(name);
}

/** Package functions that hand on an argument; `under`: the property under which the result holds it. */
const PACKAGES: readonly { api: string; argument: number; under?: string }[] = [
  ...["parse", "parseAsync"].map((name) => ({ api: `zod:**.${name}`, argument: 0 })),
  ...["safeParse", "safeParseAsync"].map((name) => ({ api: `zod:**.${name}`, argument: 0, under: "data" })),
  { api: "joi:**.validate", argument: 0, under: "value" },
  { api: "joi:**.validateAsync", argument: 0 },
  { api: "yup:**.validate", argument: 0 },
  { api: "yup:**.cast", argument: 0 },
  { api: "valibot:parse", argument: 1 },
  { api: "class-transformer:plainToInstance", argument: 1 },
  { api: "class-transformer:plainToClass", argument: 1 },
  { api: "class-transformer:instanceToPlain", argument: 0 },
  { api: "class-transformer:classToPlain", argument: 0 },
  { api: "express-validator:matchedData", argument: 0 },
  ...["pick", "omit", "map", "sortBy", "orderBy", "uniq", "uniqBy", "filter", "cloneDeep", "compact", "values"].flatMap(
    (name) =>
      ["lodash", "lodash-es", "underscore", "ramda"].map((library) => ({ api: `${library}:${name}`, argument: 0 })),
  ),
  ...["pick", "omit", "map", "sortBy", "orderBy", "uniq", "cloneDeep"].map((name) => ({
    api: `lodash/${name}:`,
    argument: 0,
  })),
  ...["list", "tuple", "set", "sorted", "reversed", "iter", "next", "dict", "str", "int", "float"].map((name) => ({
    api: `pypi:builtins:${name}`,
    argument: 0,
  })),
  ...["model_validate", "from_orm", "parse_obj"].map((name) => ({ api: `pypi:pydantic:**.${name}`, argument: 0 })),
  { api: "pypi:fastapi:encoders.jsonable_encoder", argument: 0 },
  { api: "mongoose:Types.ObjectId", argument: 0 },
  { api: "mongodb:ObjectId", argument: 0 },
  { api: "bson:ObjectId", argument: 0 },
];

const findPackage = patternTable(PACKAGES);

export function packageHanding(api: string): { argument: number; under?: string } | null {
  return findPackage(api);
}
