import { describe, expect, it } from "vitest";
import { extract } from "./extract.ts";

type Case = [name: string, file: string, text: string, imports: string[]];

describe("imports of components", () => {
  it.each<Case>([
    [
      "Svelte with two scripts",
      "a.svelte",
      `<script context="module" lang="ts">import { a } from "./a";</script>\n<script lang="ts">import B from "./B.svelte"; let { x }: { x: number } = $props(); fetch("/x");</script>\n<p>{x > 1 ? "<b>" : ""}</p>`,
      ["./a", "./B.svelte"],
    ],
    [
      "Vue with generics and a later style",
      "a.vue",
      `<template><a :href="x > 2"/></template>\n<script setup lang="ts" generic="T extends Record<string, any>">\nimport { useThing } from "~/composables/thing";\n</script>\n<style>a { b: c }</style>`,
      ["~/composables/thing"],
    ],
    [
      "Astro's front matter and its script",
      "a.astro",
      `---\nimport Layout from "../layouts/Layout.astro";\nconst x = await fetch("https://x");\n---\n<Layout/>\n<script>import "./client";</script>`,
      ["../layouts/Layout.astro", "./client"],
    ],
    [
      "Astro's front matter that speaks of a script",
      "a.astro",
      `---\n// <script> of the page\nimport a from "./a";\n---\n<script>import "./client";</script>`,
      ["./a", "./client"],
    ],
    ["types only", "a.svelte", `<script lang="ts">import type { A } from "./a";</script>`, []],
    [
      "data in JSON",
      "a.vue",
      `<script type="application/ld+json">{ "a": 1 }</script><script>import "./x";</script>`,
      ["./x"],
    ],
    ["no script", "a.svelte", "<h1>Hello</h1>", []],
    ["a broken script", "a.svelte", "<script>import { a from './a'; {{{</script>", []],
    ["an open script", "a.vue", "<script>import './a';", []],
    ["nothing", "a.vue", "", []],
  ])("%s", (_, file, text, imports) => {
    const summary = extract(file, text);
    const found = summary.imports.filter(({ typeOnly }) => !typeOnly).map(({ specifier }) => specifier);
    expect(found).toEqual(imports);
    expect({ calls: summary.calls, functions: summary.functions, dom: summary.dom, problem: summary.problem }).toEqual({
      calls: [],
      functions: [],
      dom: true,
      problem: null,
    });
  });

  it("says the language of the scripts, and places in the whole file", () => {
    const summary = extract("a.vue", '<template/>\n<script lang="ts">\nimport a from "./a";\n</script>');
    expect([summary.language, summary.imports[0]?.span.line]).toEqual(["typescript", 3]);
    expect(extract("a.vue", "<script>\nimport a from './a';\n</script>").language).toBe("javascript");
  });

  it.each([
    ["scripts that never end", "<script>".repeat(50_000)],
    ["tags that never end", "<script ".repeat(50_000)],
    ["quotes that never end", '<script a="'.repeat(50_000)],
    ["quotes that end elsewhere", "<script lang=".repeat(50_000)],
    ["half a tag in a script", `<script>${"<".repeat(1_000_000)}`],
    ["half an end in a script", `<script>${"</script ".repeat(100_000)}`],
    ["many scripts", "<script>x</script>".repeat(50_000)],
    ["front matter that never ends", `---\n${"\n--".repeat(200_000)}`],
  ])("takes no longer than the text is long: %s", { timeout: 20_000 }, (_, text) => {
    for (const file of ["a.vue", "a.svelte", "a.astro"]) expect(extract(file, text).imports).toEqual([]);
  });
});
