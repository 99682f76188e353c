import { describe, expect, it } from "vitest";
import { canonicalAnswer, mergeShapes, type CanonicalAnswer } from "./canonical.ts";
import { answerDifferences } from "./difference.ts";

function answer(body: unknown, status = 200, type = "application/json; charset=utf-8"): CanonicalAnswer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return canonicalAnswer({ status, headers: { "content-type": type }, body: text });
}

function merged(one: unknown, other: unknown): CanonicalAnswer {
  const [first, second] = [answer(one), answer(other)];
  return { ...first, body: first.body && second.body ? mergeShapes(first.body, second.body) : null };
}

const texts = (before: CanonicalAnswer, after: CanonicalAnswer): string[] =>
  answerDifferences("buy", before, after).map(({ kind, text }) => `${kind} ${text}`);

describe("answers", () => {
  const table: [string, CanonicalAnswer, CanonicalAnswer, string[]][] = [
    ["alike", answer({ ok: true, items: [1, 2] }), answer({ ok: true, items: [1, 2] }), []],
    ["another status", answer({}, 201), answer({}, 500), ["breaking buy answered 201 and now answers 500"]],
    [
      "another content type",
      answer({}),
      answer("<p>", 200, "text/html"),
      ["breaking buy was application/json and now is text/html"],
    ],
    ["a key that is gone", answer({ a: { b: 1, c: 1 } }), answer({ a: { b: 1 } }), ["breaking buy: /a/c is gone"]],
    ["a key that is new", answer({ a: 1 }), answer({ a: 1, b: 2 }), ["added buy: /b is new"]],
    [
      "another value",
      answer({ state: "paid" }),
      answer({ state: "open" }),
      ['breaking buy: /state was "paid" and now is "open"'],
    ],
    ["another type", answer({ id: 7 }), answer({ id: "7" }), ["breaking buy: /id was number and now is string"]],
    ["another type in a list", answer([{ n: 1 }]), answer([{ n: "1" }]), ['breaking buy: /*/n was 1 and now is "1"']],
    ["an empty list", answer({ items: [] }), answer({ items: [{ id: 1 }] }), []],
    [
      "ids, dates and tokens",
      answer({ id: 1, orderId: 2, created_at: "2026-01-01", at: "2026-01-01T10:00:00Z", jwt: "aa.bb.cc" }),
      answer({ id: 9, orderId: 8, created_at: "2026-02-02", at: "2026-02-02T10:00:00Z", jwt: "dd.ee.ff" }),
      [],
    ],
    [
      "a uuid and a long mark",
      answer({ x: "3f0e8a0c-3c0e-4b0e-9d0e-3f0e8a0c3c0e", y: "ch_1a2b3c4d5e6f7g8h9" }),
      answer({ x: "4f0e8a0c-3c0e-4b0e-9d0e-3f0e8a0c3c0e", y: "ch_9a9b9c9d9e9f9g9h9" }),
      [],
    ],
    [
      "what differs from user to user",
      merged({ left: 10, name: "a" }, { left: 8, name: "b" }),
      answer({ left: 3, name: "c" }),
      [],
    ],
    ["what some answers lack", merged({ a: 1, note: "x" }, { a: 1 }), answer({ a: 1 }), []],
    ["null where there was a value or null", merged({ a: null }, { a: 1 }), answer({ a: 2 }), []],
    ["pages", answer("<p>1", 200, "text/html"), answer("<p>2", 200, "text/html"), []],
    ["JSON that is none", answer("{", 200), answer("{", 200), []],
  ];
  it.each(table)("%s", (_, before, after, expected) => expect(texts(before, after)).toEqual(expected));

  it("survives a body that is nested very deep", () => {
    const deep = "[".repeat(5000) + "]".repeat(5000);
    expect(answer(deep).body).not.toBeNull();
  });
});
