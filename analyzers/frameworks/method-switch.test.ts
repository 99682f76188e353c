/** Handlers that tell methods apart, each as its author would write it. */
import { describe, expect, it } from "vitest";
import { methodSwitch } from "./method-switch.ts";

describe("methods that a handler tells apart", () => {
  it.each([
    ["none", "(req, res) => res.json(1)", []],
    [
      "a guard",
      'async (req, res) => { if (req.method !== "POST") return res.status(405).end(); await pay(); }',
      ["POST"],
    ],
    [
      "guards for two",
      'async (req, res) => { if (req.method !== "GET" && req.method !== "POST") { return res.status(405).end(); } await pay(); }',
      ["GET", "POST"],
    ],
    ["a reversed guard", "(req, res) => { if ('PUT' !== req.method) return res.status(405).end(); go(); }", ["PUT"]],
    [
      "branches with a refusal",
      'async (req, res) => { if (req.method === "GET") { return res.json(1); } else if (req.method === "POST") { await pay(); } else { res.status(405).end(); } }',
      ["GET", "POST"],
    ],
    ["a branch alone", 'async (req, res) => { if (req.method === "POST") { await pay(); res.end(); } }', ["POST"]],
    [
      "a branch before work for all",
      'async (req, res) => { if (req.method === "DELETE") { await drop(); return res.end(); } const list = await read(); return res.json(list); }',
      [],
    ],
    [
      "a switch over a name",
      'async (req, res) => { const { method } = req; switch (method) { case "GET": await a(); break; case "PUT": case "PATCH": await b(); break; default: res.status(405).end(); } }',
      ["GET", "PUT", "PATCH"],
    ],
    [
      "a list",
      'async (req, res) => { if (!["GET", "POST"].includes(req.method)) return res.status(405).end(); await go(); }',
      ["GET", "POST"],
    ],
    [
      "a choice of input is none",
      'async (req, res) => { const input = req.method === "POST" ? req.body : req.query; res.json(input); }',
      [],
    ],
    ["in a comment", '(req, res) => { // if (req.method === "POST") return;\n res.json(1); }', []],
    [
      "a preflight",
      'async (req, res) => { if (req.method === "OPTIONS") return res.end(); if (req.method !== "POST") return res.status(405).end(); await go(); }',
      ["POST"],
    ],
    ["a fragment", 'if (req.method === "POST" {{{ ', ["POST"]],
  ])("%s", (_, text, methods) => {
    expect(methodSwitch(text).methods).toEqual(methods);
  });

  it("knows where each branch ends", () => {
    const text =
      'async (req, res) => { if (req.method === "GET") return list("{"); if (req.method === "POST") { await pay("}"); } else { res.status(405).end(); } }';
    expect(methodSwitch(text).branches.map(({ methods, start, end }) => [methods, text.slice(start, end)])).toEqual([
      [["GET"], 'return list("{")'],
      [["POST"], '{ await pay("}"); }'],
    ]);
  });
});
