import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { toyModel } from "../testing/toy-model.ts";
import type { Scenario, Subject } from "../experiment.ts";
import { attackOn } from "./attack.ts";
import { bodyFields, plausibleBody } from "./body.ts";
import { deriveScenarios } from "./derive.ts";
import { readScenarios } from "./file.ts";
import type { Field } from "./schema.ts";
import { selectScenario } from "./select.ts";
import { tokenPointer } from "./token.ts";

function read(content: unknown): ReturnType<typeof readScenarios> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return readScenarios({ has: () => true, read: () => text });
}

const step = { path: "/a" };

describe("shoreup.config.json", () => {
  it("gives scenarios, with what is left out filled in", () => {
    const measured = [{ method: "post", path: "/pay", body: { id: "{{id}}" } }];
    const before = [{ name: "up", path: "/up", capture: { id: "/id" } }];
    expect(read({ scenarios: [{ name: "a", role: "read", before, measured }] })).toEqual({
      kind: "scenarios",
      scenarios: [
        {
          name: "a",
          role: "read",
          before: [{ name: "up", method: "GET", path: "/up", capture: { id: "/id" } }],
          measured: [{ name: "POST /pay", method: "post", path: "/pay", body: { id: "{{id}}" } }],
        },
      ],
    });
  });

  it("may be absent", () => {
    expect(readScenarios({ has: () => false, read: () => null })).toEqual({ kind: "absent" });
  });

  const wrong: [string, unknown, RegExp][] = [
    ["no JSON", "{", /^shoreup\.config\.json: it is not valid JSON/],
    ["no scenarios", {}, /: \/scenarios: /],
    [
      "an unknown key",
      { scenarios: [{ name: "a", role: "r", measured: [step], mesured: [] }] },
      /\/scenarios\/0: .*mesured/,
    ],
    ["nothing measured", { scenarios: [{ name: "a", role: "r", measured: [] }] }, /\/scenarios\/0\/measured: /],
    [
      "a path that is none",
      { scenarios: [{ name: "a", role: "r", measured: [{ path: "http://x.io" }] }] },
      /\/scenarios\/0\/measured\/0\/path: must begin with \//,
    ],
    [
      "a status that is none",
      { scenarios: [{ name: "a", role: "r", measured: [{ ...step, expect: [2] }] }] },
      /\/measured\/0\/expect\/0: /,
    ],
    [
      "a bad pointer",
      { scenarios: [{ name: "a", role: "r", measured: [{ ...step, capture: { "x/y": "id" } }] }] },
      /\/capture\/x~1y: must be a JSON pointer/,
    ],
    [
      "a value from nowhere",
      { scenarios: [{ name: "a", role: "r", measured: [{ path: "/{{who}}" }] }] },
      /\/measured\/0: \{\{who\}\} is filled by nothing/,
    ],
    [
      "a name twice",
      {
        scenarios: [
          { name: "a", role: "r", measured: [step] },
          { name: "a", role: "s", measured: [step] },
        ],
      },
      /\/scenarios\/1\/name: "a" is the name of \/scenarios\/0/,
    ],
  ];
  it.each(wrong)("with %s names the place", (_, content, problem) => {
    expect(read(content)).toEqual({ kind: "wrong", problems: [expect.stringMatching(problem)] });
  });

  it("that cannot be read is a problem, not a crash", () => {
    expect(readScenarios({ has: () => true, read: () => null })).toMatchObject({ kind: "wrong" });
  });
});

describe("derived scenarios", () => {
  const model = toyModel([
    { method: "GET", path: "/health", reaches: [] },
    { method: "GET", path: "/about", reaches: [] },
    { method: "GET", path: "/api/products", reaches: ["database-read"] },
    { method: "GET", path: "/api/products/:id", reaches: ["database-read"] },
    { method: "POST", path: "/api/auth/login", reaches: [] },
    { method: "POST", path: "/api/auth/register", reaches: [] },
    { method: "POST", path: "/api/orders", reaches: ["mail"] },
    { method: "POST", path: "/api/theme", reaches: [] },
    { method: "POST", path: "/stripe/webhook", reaches: ["database-write"] },
  ]);
  const { scenarios, notDriven } = deriveScenarios(model);

  it("read, log in with a wrong password, sign up, and write where something is reached", () => {
    expect(scenarios.map(({ role, name, before }) => `${role} ${name} ${before.length}`)).toEqual([
      "read GET /api/products 0",
      "read GET /about 0",
      "login POST /api/auth/login 0",
      "sign-up POST /api/auth/register 0",
      "checkout POST /api/orders 2",
    ]);
  });

  it("expect a login to be refused, but not to be rate-limited", () => {
    const login = scenarios.find(({ role }) => role === "login")?.measured[0];
    expect(login?.expect).toContain(401);
    expect(login?.expect).not.toContain(429);
    expect(login?.body).toEqual({ email: "{{unique}}@example.com", password: "Str0ng-Enough-Pass!" });
  });

  it("say which routes they leave out", () => {
    expect(notDriven).toEqual([{ what: "GET /api/products/:id", why: expect.stringContaining("cannot be guessed") }]);
  });

  it("send values that fit names and types", () => {
    const named = (name: string, type: Field["type"] = "unknown"): Field => ({ name, type });
    const fields = [
      ...["email", "userName", "quantity", "acceptTerms", "website", "message"].map((name) => named(name)),
      named("zip", "number"),
      named("amount", "string"),
    ];
    expect(plausibleBody(fields, "-{{n}}")).toEqual({
      email: "{{unique}}-{{n}}@example.com",
      userName: "{{unique}}-{{n}}",
      quantity: 1,
      acceptTerms: true,
      website: "https://example.com/",
      message: "test message",
      zip: 1,
      amount: "1",
    });
  });

  it("read fields off handlers and schemas, and find the token, in real source", async () => {
    const model = await analyze(
      memoryRepo({
        "package.json": JSON.stringify({ name: "shop", main: "app.js", dependencies: { express: "5", zod: "4" } }),
        "app.js": `const express = require("express");
          const { order, account } = require("./schemas");
          const app = express();
          app.use(express.json());
          app.post("/login", async (req, res) => {
            const { nickname, password } = req.body;
            res.json({ user: { nickname }, session: { accessToken: sign(nickname, password) } });
          });
          app.post("/orders", (req, res) => { const data = order.safeParse(req.body); res.json(data); });
          app.post("/mail", (req, res) => { const { email } = account.pick({ email: true }).parse(req.body); res.json({ email }); });
          app.listen(3000);`,
        "schemas.js": `const { z } = require("zod");
          exports.order = z.object({ itemId: z.coerce.number().int(), gift: z.boolean(), promo: z.string().min(3).optional(), note: z.string().max(9) });
          exports.account = z.object({ email: z.string(), age: z.number() });`,
      }),
    );
    const fieldsOf = (path: string): string[] => {
      const route = model.routes.find((one) => one.path === path);
      return route ? bodyFields(model, route).map(({ name, type }) => `${name}:${type}`) : [];
    };
    const login = model.routes.find(({ path }) => path === "/login");
    expect(fieldsOf("/login")).toEqual(["nickname:unknown", "password:unknown"]);
    expect(fieldsOf("/orders")).toEqual(["itemId:number", "gift:boolean", "note:string"]);
    expect(fieldsOf("/mail")).toEqual(["email:string"]);
    expect(login && tokenPointer(model, login)).toBe("/session/accessToken");
  });
});

describe("selection", () => {
  const model = toyModel([
    { method: "POST", path: "/orders/:id/pay", reaches: ["payment", "mail"] },
    { method: "GET", path: "/items", reaches: ["database-read", "mail"], isDetached: true },
  ]);
  const look: Scenario = {
    name: "look",
    role: "read",
    before: [],
    measured: [{ name: "g", method: "get", path: "/items?page=1" }],
  };
  const pay: Scenario = {
    name: "pay",
    role: "checkout",
    before: [],
    measured: [{ name: "p", method: "POST", path: "/orders/{{id}}/pay" }],
  };
  const subject: Subject = { before: model, after: model, scenarios: [look, pay] };

  it.each([
    [{ role: "checkout" }, "pay"],
    [{ reaches: ["mail"] }, "pay"],
    [{ reaches: ["database-read"] }, "look"],
    [{ role: "checkout", reaches: ["payment"] }, "pay"],
  ] as const)("%j is %s", (wanted, name) => expect(selectScenario(subject, wanted)).toMatchObject({ name }));

  it.each([
    [{ role: "upload" }, /No scenario with the role upload can be driven/],
    [{ reaches: ["model"] }, /No scenario drives a route whose code reaches model/],
    [
      { role: "read", reaches: ["payment"] },
      /No scenario with the role read drives a route whose code reaches payment/,
    ],
  ] as const)("%j cannot be had", (wanted, cannot) => {
    expect(selectScenario(subject, wanted)).toEqual({ cannot: expect.stringMatching(cannot) });
  });
});

describe("attack", () => {
  const signUp = { name: "up", method: "POST", path: "/up", capture: { token: "/t" } };
  it("guesses passwords and needs no account for it", () => {
    const login: Scenario = {
      name: "log in",
      role: "login",
      before: [signUp],
      measured: [
        {
          name: "in",
          method: "POST",
          path: "/in",
          body: { email: "{{unique}}@x.io", password: "right" },
          expect: [200],
        },
      ],
    };
    const { before, measured } = attackOn(login);
    expect(before).toEqual([]);
    expect(measured[0]).toMatchObject({ body: { email: "{{unique}}@x.io", password: "wrong-guess-{{unique}}" } });
    expect(measured[0]?.expect).toContain(401);
    expect(measured[0]?.expect).not.toContain(429);
  });

  it("keeps its account where the attempts need one", () => {
    const ask = { name: "ask", method: "POST", path: "/ask", headers: { authorization: "{{token}}" } };
    expect(attackOn({ name: "ask", role: "ask", before: [signUp], measured: [ask] }).before).toEqual([signUp]);
  });
});
