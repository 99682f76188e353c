/** The generated module at work on a Redis that can be slow, away, or written by another process. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { fill } from "../../patches/fill.ts";
import { templatesOf } from "../../patches/templates.ts";

type Load = (dontKeep: () => void) => Promise<unknown>;
const isFunction = (value: unknown): boolean => typeof value === "function";
const module = z.object({
  cached:
    z.custom<(key: string, keeping: { ttlMs: number; tables: string[] }, load: Load) => Promise<unknown>>(isFunction),
  forget: z.custom<(...tables: string[]) => Promise<void>>(isFunction),
});

const folder = mkdtempSync(join(tmpdir(), "shoreup-cached-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As much of Redis as the module asks for. */
const store = { kept: new Map<string, string>(), state: "ready", isHung: false };
Object.assign(globalThis, {
  cachedTestRedis: {
    get status(): string {
      return store.state;
    },
    call: (name: string, ...args: string[]): Promise<unknown> => {
      if (store.isHung) return new Promise(() => undefined);
      if (name === "MGET") return Promise.resolve(args.map((key) => store.kept.get(key) ?? null));
      store.kept.set(args[0] ?? "", args[1] ?? "");
      return Promise.resolve("OK");
    },
  },
});

writeFileSync(
  join(folder, "cached.ts"),
  fill(templatesOf(import.meta.dirname)("cached-redis.ts"), {
    tables: true,
    REDIS_IMPORT: "const redis = globalThis.cachedTestRedis",
    COMMAND: "redis.call(String(command[0]), ...command.slice(1))",
    AWAY: 'redis.status !== "ready"',
  }),
);
const { cached, forget } = module.parse(await import(pathToFileURL(join(folder, "cached.ts")).href));

let loads = 0;
const load: Load = async () => ({ load: (loads += 1) });
const keeping = { ttlMs: 60_000, tables: ["notes"] };

beforeEach(() => {
  loads = 0;
  store.kept.clear();
  Object.assign(store, { state: "ready", isHung: false });
});

it("makes one answer for a hundred who ask at once, and hands it out afterwards", async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => cached("k", keeping, load)));
  expect(new Set(answers).size).toBe(100);
  expect(await cached("k", keeping, load)).toEqual({ load: 1 });
  expect(loads).toBe(1);
});

it("makes it anew after a write, also one that came while it was made", async () => {
  await cached("k", keeping, load);
  await forget("notes");
  expect(await cached("k", keeping, load)).toEqual({ load: 2 });
  const slow = cached("other", keeping, async () => {
    await forget("notes");
    return "from before the write";
  });
  expect(await slow).toBe("from before the write");
  expect(await cached("other", keeping, load)).toEqual({ load: 3 });
});

it("keeps neither what failed nor what is said to be no good", async () => {
  await expect(cached("k", keeping, () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  const bad: Load = async (dontKeep) => {
    dontKeep();
    return "bad";
  };
  expect(await cached("k", keeping, bad)).toBe("bad");
  expect(await cached("k", keeping, load)).toEqual({ load: 1 });
});

it("asks the source while Redis is away, and waits for a hung one only for a moment", async () => {
  store.state = "reconnecting";
  await cached("k", keeping, load);
  await cached("k", keeping, load);
  expect(loads).toBe(2);
  Object.assign(store, { state: "ready", isHung: true });
  const began = performance.now();
  expect(await cached("k", keeping, load)).toEqual({ load: 3 });
  expect(performance.now() - began).toBeLessThan(2000);
});
