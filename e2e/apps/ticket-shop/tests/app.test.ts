import assert from "node:assert/strict";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, describe, it, mock } from "node:test";
import { createApp } from "../src/app.js";
import { pool } from "../src/db.js";
import { signToken } from "../src/middleware/auth.js";

const event = {
  id: 1,
  title: "Nova Kings",
  venue: "Lido",
  city: "Berlin",
  starts_at: new Date(),
  price_cents: 2500,
  tickets_left: 3,
};

function fakeDatabase(answers: [RegExp, unknown[]][]) {
  mock.method(pool, "query", async (text: string) => {
    const match = answers.find(([pattern]) => pattern.test(text));
    return { rows: match ? match[1] : [] };
  });
}

describe("app", () => {
  let server: Server;
  let url: string;

  before(async () => {
    server = createApp().listen(0);
    await new Promise((resolve) => server.once("listening", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => {
    server.close();
    server.closeAllConnections();
  });

  afterEach(() => mock.restoreAll());

  const post = (path: string, body: unknown, token?: string) =>
    fetch(url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });

  it("serves the start page", async () => {
    const response = await fetch(`${url}/`);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /Stagepass/);
  });

  it("lists events with the number of tickets sold", async () => {
    fakeDatabase([
      [/FROM events/, [event]],
      [/COUNT\(\*\)/, [{ count: 7 }]],
      [/AVG\(rating\)/, [{ average: 4.5 }]],
    ]);
    const response = await fetch(`${url}/api/events`);
    const body = await response.json();
    assert.equal(response.status, 200);
    assert.equal(body.events[0].ticketsSold, 7);
    assert.equal(body.events[0].rating, 4.5);
  });

  it("answers 404 for an unknown event", async () => {
    fakeDatabase([]);
    const response = await fetch(`${url}/api/events/999`);
    assert.equal(response.status, 404);
  });

  it("answers 404 for an unknown path", async () => {
    const response = await fetch(`${url}/api/nope`);
    assert.equal(response.status, 404);
  });

  it("rejects a wrong password", async () => {
    fakeDatabase([]);
    const response = await post("/api/auth/login", { email: "jane@example.com", password: "whatever1" });
    assert.equal(response.status, 401);
  });

  it("rejects a sign-up with a short password", async () => {
    const response = await post("/api/auth/signup", { email: "jane@example.com", name: "Jane", password: "x" });
    assert.equal(response.status, 400);
  });

  it("asks for a login at checkout", async () => {
    const response = await post("/api/orders/checkout", { eventId: 1, quantity: 1 });
    assert.equal(response.status, 401);
  });

  it("does not sell more tickets than there are", async () => {
    fakeDatabase([
      [/FROM users/, [{ id: 5, name: "Jane", email: "jane@example.com", loyalty_points: 0 }]],
      [/FROM events/, [event]],
    ]);
    const token = signToken({ id: 5, email: "jane@example.com", role: "customer" });
    const response = await post("/api/orders/checkout", { eventId: 1, quantity: 4 }, token);
    assert.equal(response.status, 409);
  });

  it("keeps the cart of a user", async () => {
    fakeDatabase([[/FROM events/, [event]]]);
    const token = signToken({ id: 6, email: "joe@example.com", role: "customer" });
    const added = await post("/api/cart/items", { eventId: 1, quantity: 2 }, token);
    assert.equal(added.status, 201);
    const cart = await fetch(`${url}/api/cart`, { headers: { Authorization: `Bearer ${token}` } });
    assert.deepEqual((await cart.json()).items, [{ eventId: 1, title: "Nova Kings", quantity: 2 }]);
  });

  it("keeps customers out of the admin area", async () => {
    const token = signToken({ id: 6, email: "joe@example.com", role: "customer" });
    const response = await fetch(`${url}/api/admin/stats`, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(response.status, 403);
  });
});
