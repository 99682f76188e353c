import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { Load, Scenario, Step } from "../experiment.ts";
import { loopbackAddresses } from "./addresses.ts";
import { crowdSize, openCrowds, type Crowds } from "./crowd.ts";
import { drive, type Driven, type Pass } from "./drive.ts";
import { countMails } from "./mails.ts";
import { passMeasures, passTroubles, togetherMeasures } from "./summary.ts";
import { fillStep } from "./template.ts";
import { newUser } from "./user.ts";

const get: Step = { name: "get", method: "GET", path: "/" };
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<Crowds> {
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => answer(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const crowds = openCrowds(`http://127.0.0.1:${port}`, "ut", loopbackAddresses());
  closing.push(() => {
    crowds.close();
    server.closeAllConnections();
    server.close();
  });
  return crowds;
}

function scenario(measured: Step[], before: Step[] = []): Scenario {
  return { name: "s", role: "read", before, measured };
}

async function put(
  crowds: Crowds,
  what: Scenario,
  load: Load,
  wishes: { users?: number; patience?: number; isHeldOpen?: () => boolean } = {},
): Promise<Driven> {
  const { users } = await crowds.gather(what, wishes.users ?? 4, { from: "own-addresses", isFresh: false });
  const { signal } = new AbortController();
  const isHeldOpen = wishes.isHeldOpen ?? ((): boolean => false);
  return drive({ scenario: what, load, users, line: crowds.line(wishes.patience ?? 1000), signal, isHeldOpen });
}

const ends = ({ passes }: Driven): string[] => passes.map(({ end }) => (end.kind === "lost" ? end.why : end.kind));

describe("answers that travel packed", () => {
  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
    ["identity", (text: Buffer) => text],
  ])("%s: are read as what they stand for, and weighed as they came", async (encoding, packed) => {
    const page = Buffer.from(JSON.stringify(Array(200).fill("boat")));
    const onWire = packed(page);
    const crowds = await serve((request, response) => {
      expect(request.headers["accept-encoding"]).toContain("gzip");
      response.setHeader("content-encoding", encoding).end(onWire);
    });
    const driven = await put(crowds, scenario([get]), { kind: "once", users: 2 });
    expect(driven.passes.map(({ end }) => (end.kind === "ok" ? end.answer.body : end.kind))).toEqual([
      page.toString(),
      page.toString(),
    ]);
    expect(passMeasures("read", driven, 0, 1000)["read.bytesPerPass"]).toBe(onWire.length);
  });

  it("damaged: are an answer all the same", async () => {
    const crowds = await serve((_, response) => void response.setHeader("content-encoding", "gzip").end("no gzip"));
    const { passes } = await put(crowds, scenario([get]), { kind: "once", users: 1 });
    expect(passes.map(({ end }) => (end.kind === "ok" ? end.answer.body : end.kind))).toEqual(["no gzip"]);
  });
});

describe("load", () => {
  it("open: sends at its rate and times from the intended start, whatever the app does", async () => {
    let stalledUntil = 0;
    const crowds = await serve((_, response) => {
      stalledUntil ||= performance.now() + 400;
      setTimeout(() => response.end("ok"), Math.max(0, stalledUntil - performance.now()));
    });
    const driven = await put(crowds, scenario([get]), { kind: "open", perSecond: 50, seconds: 0.8 });
    expect(driven.passes).toHaveLength(40);
    const measures = passMeasures("read", driven, 0, 1000);
    expect(measures).toMatchObject({ "read.ok": 40, "read.requests": 40, "read.okShare": 1, "read.lost": 0 });
    expect(measures["read.max"]).toBeGreaterThan(350);
    expect(measures["read.p50"]).toBeLessThan(350);
  });

  it("open: stays open while a fault runs", async () => {
    const crowds = await serve((_, response) => response.end("ok"));
    const until = performance.now() + 600;
    const load: Load = { kind: "open", perSecond: 40, seconds: 0.2 };
    const driven = await put(crowds, scenario([get]), load, { isHeldOpen: () => performance.now() < until });
    expect(driven.passes.length).toBeGreaterThan(20);
    expect(driven.windowSeconds).toBeGreaterThan(0.55);
  });

  it("closed: keeps the users busy, one pass at a time each", async () => {
    let [open, most] = [0, 0];
    const crowds = await serve((_, response) => {
      most = Math.max(most, (open += 1));
      setTimeout(() => {
        open -= 1;
        response.end("ok");
      }, 20);
    });
    const driven = await put(crowds, scenario([get]), { kind: "closed", users: 3, seconds: 0.3 }, { users: 3 });
    expect(most).toBe(3);
    expect(driven.passes.length).toBeGreaterThanOrEqual(15);
  });

  it("once: one pass each, or in turns where there are fewer users", async () => {
    const crowds = await serve((_, response) => response.end("ok"));
    const driven = await put(crowds, scenario([get]), { kind: "once", users: 10 }, { users: 4 });
    expect(ends(driven)).toEqual(Array.from({ length: 10 }, () => "ok"));
  });

  it("calls from an address per user, or from one for all", async () => {
    const seen = new Set<string | undefined>();
    const crowds = await serve(({ socket }, response) => {
      seen.add(socket.remoteAddress);
      response.end("ok");
    });
    await put(crowds, scenario([get]), { kind: "once", users: 4 });
    expect(seen.size).toBe(4);
    seen.clear();
    const { users } = await crowds.gather(scenario([get]), 4, { from: "one-address", isFresh: false });
    expect(new Set(users.map(({ address }) => address)).size).toBe(1);
  });
});

describe("what a request ends in", () => {
  const table: [string, (request: IncomingMessage, response: ServerResponse) => void, string][] = [
    ["an answer", (_, response) => response.end("ok"), "ok"],
    ["an unexpected status", (_, response) => response.writeHead(404).end(), "failed"],
    ["no answer", () => {}, "timeout"],
    ["half an answer", (_, response) => void response.writeHead(200, { "content-length": 9 }).write("half"), "timeout"],
    ["a cut connection", ({ socket }) => socket.destroy(), "reset"],
    [
      "an answer cut off",
      ({ socket }, response) => response.writeHead(200, { "content-length": 9 }).write("half", () => socket.destroy()),
      "reset",
    ],
    [
      "a 502 of the balancer",
      (_, response) => response.writeHead(502, { "content-type": "text/html" }).end("<h1>"),
      "unavailable",
    ],
    [
      "a 503 of the app itself",
      (_, response) => response.writeHead(503, { "content-type": "application/json" }).end("{}"),
      "failed",
    ],
  ];
  it.each(table)("%s", async (_, answer, expected) => {
    const crowds = await serve(answer);
    const driven = await put(crowds, scenario([get]), { kind: "once", users: 1 }, { patience: 300 });
    expect(ends(driven)).toEqual([expected]);
  });

  it("a refused connection, and a lost pass counts as the whole patience", async () => {
    const crowds = openCrowds("http://127.0.0.1:1", "ut", loopbackAddresses());
    const driven = await put(crowds, scenario([get]), { kind: "once", users: 2 }, { users: 2, patience: 700 });
    expect(ends(driven)).toEqual(["refused", "refused"]);
    expect(passMeasures("read", driven, 0, 700)).toMatchObject({
      "read.p50": 700,
      "read.resets": 2,
      "read.okShare": 0,
    });
    expect(passTroubles("read", driven)).toEqual(["read: 2 of 2 passes: get: connection refused"]);
  });

  it("429 is refused, expected or not", async () => {
    const crowds = await serve((_, response) => response.writeHead(429).end());
    const expected = await put(crowds, scenario([{ ...get, expect: [429] }]), { kind: "once", users: 2 }, { users: 2 });
    const other = await put(crowds, { ...scenario([get]), name: "o" }, { kind: "once", users: 3 }, { users: 3 });
    expect(passMeasures("a", expected, 0, 1)).toMatchObject({ "a.refused": 2, "a.ok": 2 });
    expect(passMeasures("b", other, 0, 1)).toMatchObject({ "b.refused": 3, "b.failed": 3 });
    expect(togetherMeasures([expected, other])).toMatchObject({
      "all.refused": 5,
      "all.passes": 5,
      "all.okShare": 0.4,
    });
  });
});

describe("users", () => {
  it("sign up, keep cookies, capture values, and count their passes", async () => {
    const seen: string[] = [];
    const crowds = await serve(({ method, url, headers }, response, body) => {
      seen.push(`${method} ${url} ${headers.cookie ?? "-"} ${headers.authorization ?? "-"} ${body}`);
      response.setHeader("set-cookie", ["sid=a1; Path=/", "old=; Max-Age=0"]);
      response.end(JSON.stringify({ user: { "id/x": 7 }, token: "t", was: "cat.png", kept: "/files/7-cat.png" }));
    });
    const signUp: Step = {
      name: "up",
      method: "post",
      path: "/up",
      body: { email: "{{unique}}@x.io" },
      capture: { id: "/user/id~1x", token: "/token", sid: "cookie:sid", file: String.raw`text:[\w-]+\.png` },
    };
    const pay: Step = {
      name: "pay",
      method: "POST",
      path: "/pay/{{id}}?s={{sid}}&f={{file}}",
      headers: { Authorization: "Bearer {{token}}" },
      body: { id: "{{id}}", n: "no {{n}}" },
    };
    const driven = await put(crowds, scenario([pay, pay], [signUp]), { kind: "once", users: 1 }, { users: 1 });
    expect(ends(driven)).toEqual(["ok"]);
    expect(seen).toEqual([
      'POST /up - - {"email":"ut1x@x.io"}',
      'POST /pay/7?s=a1&f=7-cat.png sid=a1 Bearer t {"id":7,"n":"no 1"}',
      'POST /pay/7?s=a1&f=7-cat.png sid=a1 Bearer t {"id":7,"n":"no 1"}',
    ]);
  });

  it("are used again, unless new ones are asked for or the app has forgotten the old ones", async () => {
    let [signedUp, hasForgotten] = [0, false];
    const crowds = await serve(({ method }, response) => {
      if (method === "POST") signedUp += 1;
      else if (hasForgotten) response.statusCode = 401;
      response.end();
    });
    const what = scenario([get], [{ name: "up", method: "POST", path: "/up" }]);
    const gather = (count: number, isFresh = false): Promise<unknown> =>
      crowds.gather(what, count, { from: "own-addresses", isFresh });
    await gather(3);
    await gather(5);
    expect(signedUp).toBe(5);
    await gather(2, true);
    expect(signedUp).toBe(7);
    crowds.doubt();
    await gather(5);
    expect(signedUp).toBe(7);
    hasForgotten = true;
    crowds.doubt();
    await gather(2);
    expect(signedUp).toBe(9);
  });

  it("that cannot get ready are counted, with the reason", async () => {
    const crowds = await serve((_, response) => response.writeHead(409).end());
    const what = scenario([get], [{ name: "up", method: "POST", path: "/up" }]);
    const crowd = await crowds.gather(what, 3, { from: "own-addresses", isFresh: false });
    expect(crowd).toEqual({ users: [], undriven: { count: 3, reasons: ["up: answered 409"] } });
  });

  it.each([
    [{ kind: "open", perSecond: 12, seconds: 3 }, [], 18],
    [{ kind: "open", perSecond: 100, seconds: 10 }, [], 400],
    [{ kind: "open", perSecond: 100, seconds: 10 }, [get], 24],
    [{ kind: "closed", users: 7, seconds: 1 }, [get], 7],
  ] satisfies [Load, Step[], number][])("%j is the load of a crowd", (load, before, size) => {
    expect(crowdSize({ load, scenario: scenario([get], before) })).toBe(size);
  });

  it("an attacker has few accounts", () => {
    expect(
      crowdSize({ load: { kind: "once", users: 60 }, scenario: scenario([get], [get]), from: "one-address" }),
    ).toBe(4);
  });

  it("have no address of their own where loopback is one address", () => {
    expect(loopbackAddresses("darwin")()).toBeNull();
    expect(loopbackAddresses("linux")()).toMatch(/^127\.64\.0\.1$/);
  });
});

describe("template", () => {
  it("encodes in paths, keeps types in bodies, and names what is missing", () => {
    const step: Step = { name: "s", method: "get", path: "/a/{{x}}", body: [{ y: "{{ y }}", z: "{{y}}!" }] };
    expect(fillStep(step, { x: "a/b", y: 3 })).toEqual({
      method: "GET",
      path: "/a/a%2Fb",
      headers: {},
      body: [{ y: 3, z: "3!" }],
    });
    expect(fillStep(step, { y: 3 })).toEqual({ missing: ["x"] });
  });
});

describe("a step that has to differ from an earlier one", () => {
  const before: Step = { name: "before", method: "GET", path: "/" };
  const after: Step = { name: "after", method: "GET", path: "/", differsFrom: "before" };
  it.each([
    ["the same twice", () => "same", "failed"],
    ["something new", (count: number) => `${count}`, "ok"],
  ])("%s", async (_, body, end) => {
    let count = 0;
    const crowds = await serve((_request, response) => response.end(body((count += 1))));
    const load: Load = { kind: "once", users: 1 };
    const measured = scenario([before, after]);
    const driven = await drive({
      scenario: measured,
      load,
      users: [newUser({ unique: "u", address: null })],
      line: crowds.line(1000),
      signal: new AbortController().signal,
      isHeldOpen: () => false,
    });
    expect(driven.passes.map((pass) => pass.end.kind)).toEqual([end]);
  });
});

describe("mails", () => {
  const ok: Pass["end"] = {
    kind: "ok",
    answer: { kind: "answered", status: 200, headers: {}, body: "", bytes: 0, milliseconds: 1 },
  };
  const lost = (why: "reset" | "refused"): Pass["end"] => ({
    kind: "lost",
    why,
    reason: "",
    milliseconds: 1,
    status: 0,
  });
  const pass = (unique: string, end: Pass["end"]): Pass => ({
    user: newUser({ unique, address: null }),
    milliseconds: 1,
    requests: 1,
    bytes: 0,
    end,
  });
  const mail = (to: string): Parameters<typeof countMails>[0][number] => ({
    from: "",
    to: [to],
    subject: "receipt",
    messageId: null,
    receivedAt: 0,
  });
  const table: [string, string[], Pass[], Partial<ReturnType<typeof countMails>>][] = [
    ["all there", ["m1x@x.io", "m2x@x.io"], [pass("m1x", ok), pass("m2x", ok)], { owed: 2, missing: 0, duplicates: 0 }],
    [
      "one twice, one missing",
      ["M1x@x.io", "m1x@x.io"],
      [pass("m1x", ok), pass("m2x", ok)],
      { missing: 1, duplicates: 1, distinct: 1 },
    ],
    ["cut off over the work", [], [pass("m1x", lost("reset"))], { owed: 1, missing: 1 }],
    ["never begun", [], [pass("m1x", lost("refused"))], { owed: 0, missing: 0 }],
    ["late ones of an earlier load", ["m9x@x.io", "m1x@x.io"], [pass("m1x", ok)], { accepted: 1, duplicates: 0 }],
    [
      "to a fixed address",
      ["shop@x.io"],
      [pass("m1x", ok), pass("m2x", ok)],
      { accepted: 1, missing: 1, attribution: "total" },
    ],
  ];
  it.each(table)("%s", (_, to, passes, expected) => {
    expect(countMails(to.map(mail), passes, 1, (text) => /m\d+x/.test(text))).toMatchObject(expected);
  });

  it("expects the mails of preparing steps that had not come yet", () => {
    const late = new Map([["m1x", 1]]);
    const count = (to: string[]): unknown => countMails(to.map(mail), [pass("m1x", ok)], 1, () => true, late);
    expect(count(["m1x@x.io", "m1x@x.io"])).toMatchObject({ owed: 2, missing: 0, duplicates: 0 });
    expect(count(["m1x@x.io"])).toMatchObject({ missing: 1, duplicates: 0 });
    expect(count(["m1x@x.io", "m1x@x.io", "m1x@x.io"])).toMatchObject({ missing: 0, duplicates: 1 });
  });
});
