/** Where values come from. */
import { expect, it } from "vitest";
import { modelFrom } from "../link/testing/model-from.ts";
import { originsOfArgument } from "./origins.ts";

function originsIn(handler: string, more = ""): string[] {
  const app = `const express = require("express");\nconst app = express();\n${more}\napp.get("/a/:id", ${handler});\napp.listen(3000);\n`;
  const model = modelFrom({ "app.js": app });
  const [use] = model.usesOf("global:fetch");
  return use === undefined ? ["not found"] : [...originsOfArgument(model, use.call, 0)].sort();
}

it.each([
  ["(req, res) => { fetch('https://a.example'); }", "", []],
  ["(req, res) => { fetch(`https://a.example/${process.env.KEY}`); }", "", []],
  ["(req, res) => { fetch(BASE + '/x'); }", "const BASE = process.env.BASE;", []],
  ["(req, res) => { fetch(`https://a.example/${req.params.id}`); }", "", ["params"]],
  ["({ query }, res) => { fetch(query.url); }", "", ["query"]],
  [
    "(req, res) => { const { city } = req.query; fetch('https://a.example/' + encodeURIComponent(city)); }",
    "",
    ["query"],
  ],
  ["(req, res) => { fetch(req.get('x-url')); }", "", ["headers"]],
  ["(req, res) => { fetch(`https://a.example/${req.user.id}`); }", "", ["user"]],
  ["(req, res) => { fetch(`https://a.example/${req.ip}`); }", "", ["address"]],
  ["(req, res) => { look(req.query.q); }", "const look = (term) => fetch(`https://a.example/${term}`);", ["query"]],
  ["(req, res) => { look('fixed'); }", "const look = (term) => fetch(`https://a.example/${term}`);", []],
  ["(req, res) => { fetch(make()); }", "const make = () => String(Math.random());", ["computed"]],
])("%s asks for what comes from %s%s", (handler, more, expected) => {
  expect(originsIn(handler, more)).toEqual(expected);
});
