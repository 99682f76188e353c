/** Which of an app's scenarios a design takes when the component leaves it the choice. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { rollingRestart, sessionAcrossReplicas } from "./index.ts";
import type { Scenario } from "../experiment.ts";

const app = `
import express from "express";
import nodemailer from "nodemailer";
import Stripe from "stripe";

const app = express();
const mailer = nodemailer.createTransport({ host: "localhost" });
const stripe = new Stripe("key");

app.get("/weather", async (req, res) => res.json(await (await fetch("https://weather.example")).json()));
app.get("/orders", (req, res) => res.json([]));
app.post("/notes", (req, res) => res.json({}));
app.post("/invite", async (req, res) => res.json(await mailer.sendMail({ to: req.body.to })));
app.post("/checkout", async (req, res) => res.json(await stripe.paymentIntents.create({ amount: 1, currency: "eur" })));
app.listen(3000);
`;
const manifest = {
  name: "shop",
  type: "module",
  scripts: { start: "node app.js" },
  dependencies: { express: "^5.0.0", nodemailer: "^7.0.0", stripe: "^19.0.0" },
};
const model = await analyze(memoryRepo({ "package.json": JSON.stringify(manifest), "app.js": app }), {
  cacheFolder: null,
});

function scenario(method: string, path: string): Scenario {
  return { name: path, role: path.slice(1), before: [], measured: [{ name: path, method, path }] };
}

const weather = scenario("GET", "/weather");
const orders = scenario("GET", "/orders");
const notes = scenario("POST", "/notes");
const invite = scenario("post", "/invite");
const checkout = scenario("POST", "/checkout");

it.each([
  [[weather, orders, notes, invite, checkout], "checkout"],
  [[weather, orders, notes, invite], "invite"],
  [[weather, orders, notes], "notes"],
  [[orders, weather], "weather"],
  [[orders], "orders"],
])("a rolling restart of %j is tried on %s", (scenarios, role) => {
  const claim = { id: "shutdown/rolling-restart", component: "shutdown", title: "Restart", hypothesis: "None lost" };
  const design = rollingRestart(claim).design({ before: model, after: model, scenarios });
  expect("workloads" in design ? design.workloads[0]?.as : design.cannot).toBe(role);
});

const step = { name: "POST /login", method: "POST", path: "/login" };
const me = { ...scenario("GET", "/me"), role: "account", before: [step] };
const byToken = {
  ...me,
  measured: [{ name: "GET /me", method: "GET", path: "/me", headers: { Authorization: "Bearer {{token}}" } }],
};

it.each<[string, Scenario[], Scenario[], string | null]>([
  ["works already", [orders, me], [], "account"],
  ["is cured by the patch", [orders], [me], "account"],
  ["knows its users by a token", [orders, byToken], [], null],
])("a login at the other replica is tried where it %s", (_name, scenarios, cured, role) => {
  const claim = { id: "a/b", component: "a", title: "", hypothesis: "" };
  const design = sessionAcrossReplicas(claim).design({ before: model, after: model, scenarios, cured });
  expect("cannot" in design ? null : design.workloads[0]?.as).toBe(role);
});
