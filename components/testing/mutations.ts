/** Damages source trees at random, the same way for the same seed: what a broken download, a bad merge or an attacker leaves. */

/** Numbers from 0 up to 1, the same sequence for the same seed (mulberry32). */
export type Chance = () => number;

export function chanceOf(seed: number): Chance {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Damage = (text: string, chance: Chance) => string;

const oddities = [
  "\0",
  "\u2028",
  "\ud800",
  "\ufeff",
  "`",
  "${",
  "*/",
  "<!--",
  "'",
  '"',
  "\\",
  "}",
  ")",
  "]",
  "{{",
  "\r",
];
/** Names that every object has already, or that mean something to the engine. */
const trapNames = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "length", "default"];
const deep = 20_000;
const megabyte = 1_000_000;

const damages: Readonly<Record<string, Damage>> = {
  truncate: (text, chance) => text.slice(0, place(text, chance)),
  behead: (text, chance) => text.slice(place(text, chance)),
  cut: (text, chance) => {
    const [from, to] = stretch(text, chance);
    return text.slice(0, from) + text.slice(to);
  },
  repeat: (text, chance) => {
    const [from, to] = stretch(text, chance);
    return text.slice(0, to) + text.slice(from, to).repeat(1 + Math.floor(chance() * 30)) + text.slice(to);
  },
  scramble: (text, chance) => {
    let damaged = text;
    for (let times = 0; times < 8; times += 1) damaged = insert(damaged, pick(oddities, chance), chance);
    return damaged;
  },
  rename: (text, chance) => {
    const names = [...new Set(text.match(/\b[a-z]\w{2,}\b/gi) ?? [])];
    const name = pick(names.length > 0 ? names : ["x"], chance);
    return text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), pick(trapNames, chance));
  },
  nest: (text, chance) => {
    const [open, close] = pick(
      [
        ["(", ")"],
        ["[", "]"],
        ["{a:", "}"],
        ["()=>", ""],
        ["!", ""],
        ["a?.", "b"],
        ["if(a)", ";"],
      ],
      chance,
    );
    return insert(text, `\n;x = ${open.repeat(deep)}1${close.repeat(deep)};\n`, chance);
  },
  "long line": (text, chance) => {
    const unit = pick(["a+", "a,", "a.b.", "f(", "'x'+", "// x ", "a?b:", "/x/,", "x=>"], chance);
    return insert(text, `\n${unit.repeat(Math.floor(megabyte / unit.length))}\n`, chance);
  },
  circle: (text) =>
    `${text}\nexport * from "./a";\nexport * from ".";\nclass A extends A { m = this.m; }\nvar v = v, w = () => w()(w);\nlet o = { o: o, ...o };\n`,
};

/** Hostile and merely unusual names that a tree may hold. */
const oddFiles = [
  "__proto__.ts",
  "constructor/index.ts",
  "a b;rm -rf ~.ts",
  "line\nbreak.ts",
  "🦊.ts",
  `${"x".repeat(240)}.js`,
];

export interface Damaged {
  files: Record<string, string>;
  /** `truncate src/app.ts`, for the message of a test that fails. */
  done: string[];
}

/** The tree with up to four damages. */
export function damaged(tree: Readonly<Record<string, string>>, chance: Chance): Damaged {
  const files: Record<string, string> = { ...tree };
  const done: string[] = [];
  const names = Object.keys(damages);
  for (let times = 1 + Math.floor(chance() * 4); times > 0; times -= 1) {
    const file = pick(Object.keys(files), chance);
    const name = pick(names, chance);
    files[file] = damages[name]?.(files[file] ?? "", chance) ?? "";
    done.push(`${name} ${file}`);
  }
  if (chance() < 0.3) {
    const [from, to] = [pick(Object.keys(files), chance), pick(oddFiles, chance)];
    Object.defineProperty(files, to, { value: files[from], enumerable: true, configurable: true, writable: true });
    done.push(`copy ${from} to ${to}`);
  }
  return { files, done };
}

function pick<Item>(items: readonly Item[], chance: Chance): Item {
  const item = items[Math.floor(chance() * items.length)];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}

function place(text: string, chance: Chance): number {
  return Math.floor(chance() * text.length);
}

function stretch(text: string, chance: Chance): [number, number] {
  const from = place(text, chance);
  return [from, Math.min(text.length, from + 1 + Math.floor(chance() * 400))];
}

function insert(text: string, added: string, chance: Chance): string {
  const at = place(text, chance);
  return text.slice(0, at) + added + text.slice(at);
}
