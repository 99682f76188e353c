/** Speaks to the outside world by hand: raw SMTP, TLS and HTTP, under every dial. */
import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { X509Certificate } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeAuthority, type Authority } from "./certificates.ts";
import { startOutside, type OutsideWorld } from "./outside.ts";

function authority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), "outside-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return makeAuthority(folder);
}

async function world(own = authority()): Promise<OutsideWorld> {
  const outside = await startOutside(own);
  onTestFinished(() => outside.close());
  return outside;
}

/** Answers of the server so far, one line each; waits for the next that ends a reply. */
class Talk {
  readonly socket: Socket;
  #text = "";
  isClosed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => (this.#text += chunk.toString()));
    socket.on("error", () => undefined);
    socket.once("close", () => (this.isClosed = true));
  }

  async reply(milliseconds = 3000): Promise<string> {
    const deadline = Date.now() + milliseconds;
    while (Date.now() < deadline) {
      const found = /^(\d{3}) .*$/m.exec(this.#text);
      if (found) {
        this.#text = this.#text.slice(found.index + found[0].length);
        return found[1] ?? "";
      }
      if (this.isClosed) return "closed";
      await sleep(5);
    }
    return "silence";
  }

  async say(line: string, milliseconds?: number): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.reply(milliseconds);
  }
}

const message = "Subject: =?utf-8?q?Your_ticket?=\r\nMessage-ID:\r\n <42@shop>\r\n\r\nHello\r\n.";

async function sendMail(talk: Talk): Promise<string> {
  await talk.reply();
  await talk.say("EHLO shop");
  const from = await talk.say("MAIL FROM:<shop@example.com>");
  if (from !== "250") return from;
  await talk.say("RCPT TO:<bea@example.com>");
  await talk.say("DATA");
  return talk.say(message);
}

const plain = (outside: OutsideWorld): Talk => new Talk(connect(outside.ports.mail, "127.0.0.1"));

describe("the mail sink", () => {
  it("counts a mail once its 250 is out, by its id", async () => {
    const outside = await world();
    expect(await sendMail(plain(outside))).toBe("250");
    expect(outside.mails()).toMatchObject([
      { from: "shop@example.com", to: ["bea@example.com"], subject: "Your ticket", messageId: "<42@shop>" },
    ]);
    expect(outside.openMails()).toBe(0);
  });

  it("speaks TLS from the first byte and after STARTTLS, with a certificate of the name that is asked for", async () => {
    const own = authority();
    const outside = await world(own);
    const ca = readFileSync(own.file, "utf8");
    const implicit = connectTls({ port: outside.ports.mailTls, host: "127.0.0.1", servername: "smtp.gmail.com", ca });
    expect(await sendMail(new Talk(implicit))).toBe("250");
    expect(implicit.authorized).toBe(true);
    const talk = plain(outside);
    await talk.reply();
    await talk.say("EHLO shop");
    expect(await talk.say("STARTTLS")).toBe("220");
    talk.socket.removeAllListeners("data");
    const upgraded = new Talk(connectTls({ socket: talk.socket, servername: "smtp.example.org", ca }));
    await upgraded.say("EHLO shop");
    expect(await upgraded.say(`AUTH PLAIN ${Buffer.from("\0who\0ever").toString("base64")}`)).toBe("235");
    expect(await upgraded.say("MAIL FROM:<a@b.example>")).toBe("250");
  });

  it.each([
    { dial: "hang", reply: "silence", open: 1 },
    { dial: "reset", reply: "closed", open: 1 },
    { dial: "reject", reply: "451", open: 1 },
  ] as const)("that is dialled to $dial gives $reply and counts nothing", async ({ dial, reply, open }) => {
    const outside = await world();
    outside.dialMail(dial);
    const talk = plain(outside);
    const got = dial === "reject" ? await sendMail(talk) : await talk.reply(300);
    expect(got).toBe(reply);
    expect(outside.mails()).toHaveLength(0);
    expect(outside.openMails()).toBe(open);
    outside.reset();
    expect(outside.openMails()).toBe(0);
    expect(await sendMail(plain(outside))).toBe("250");
  });

  it("hangs up on those it left hanging when it is reset", async () => {
    const outside = await world();
    outside.dialMail("hang");
    const talk = plain(outside);
    expect(await talk.reply(100)).toBe("silence");
    outside.reset();
    expect(await talk.reply()).toBe("closed");
  });

  it("goes silent in the middle of a conversation when it is dialled then", async () => {
    const outside = await world();
    const talk = plain(outside);
    await talk.reply();
    await talk.say("EHLO shop");
    outside.dialMail("hang");
    expect(await talk.say("MAIL FROM:<a@b.example>", 200)).toBe("silence");
  });

  it("is as slow as it is dialled", async () => {
    const outside = await world();
    outside.dialMail("slow", 150);
    const began = Date.now();
    expect(await sendMail(plain(outside))).toBe("250");
    expect(Date.now() - began).toBeGreaterThan(4 * 150);
  });

  it("lets waiting mails go on at once when the dial is turned back", async () => {
    const outside = await world();
    outside.dialMail("slow", 60_000);
    const talks = Array.from({ length: 20 }, () => sendMail(plain(outside)));
    await sleep(50);
    expect(outside.mails()).toHaveLength(0);
    outside.dialMail("normal");
    expect(new Set(await Promise.all(talks))).toEqual(new Set(["250"]));
  });

  it("does not count a mail whose sender went away before the 250", async () => {
    const outside = await world();
    const talk = plain(outside);
    await talk.reply();
    for (const line of ["EHLO shop", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA"]) await talk.say(line);
    outside.dialMail("slow", 100);
    talk.socket.write(`${message}\r\n`);
    await sleep(20);
    talk.socket.destroy();
    await sleep(200);
    expect(outside.mails()).toHaveLength(0);
    expect(outside.openMails()).toBe(1);
  });
});

interface Got {
  status: number | string;
  body: string;
  names?: string | undefined;
}

interface Ask {
  host: string;
  path?: string;
  json?: unknown;
  form?: Record<string, string>;
  milliseconds?: number;
}

/** One request over TLS that trusts the lab's authority alone. */
async function get(outside: OutsideWorld, own: Authority, ask: Ask): Promise<Got> {
  const { host, path = "/", json, form, milliseconds = 3000 } = ask;
  const body = json !== undefined ? JSON.stringify(json) : form ? new URLSearchParams(form).toString() : null;
  const headers = {
    host,
    ...(json !== undefined ? { "content-type": "application/json" } : {}),
    ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}),
  };
  return new Promise((resolve) => {
    const options = {
      port: outside.ports.web,
      host: "127.0.0.1",
      servername: host,
      ca: readFileSync(own.file, "utf8"),
    };
    const request = httpsRequest(
      { ...options, path, headers, agent: false, method: body === null ? "GET" : "POST" },
      (answer) => {
        let text = "";
        const { socket } = answer;
        const names = "getPeerX509Certificate" in socket ? String(Reflect.apply(getNames, socket, [])) : undefined;
        answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
        answer.once("end", () => resolve({ status: answer.statusCode ?? 0, body: text, names }));
      },
    );
    request.setTimeout(milliseconds, () => {
      resolve({ status: "silence", body: "" });
      request.destroy();
    });
    request.once("error", () => resolve({ status: "closed", body: "" }));
    request.end(body ?? undefined);
  });
}

function getNames(this: { getPeerX509Certificate(): X509Certificate | undefined }): string | undefined {
  return this.getPeerX509Certificate()?.subjectAltName;
}

describe("the web", () => {
  it.each([
    {
      host: "api.stripe.com",
      path: "/v1/charges",
      form: { amount: "500" },
      has: { object: "charge", paid: true, amount: 500 },
    },
    {
      host: "api.stripe.com",
      path: "/v1/payment_intents/pi_1/confirm",
      form: {},
      has: { id: "pi_1", status: "succeeded" },
    },
    {
      host: "api.stripe.com",
      path: "/v1/checkout/sessions",
      form: { mode: "payment" },
      has: { object: "checkout.session", mode: "payment" },
    },
    {
      host: "api.openai.com",
      path: "/v1/chat/completions",
      json: { model: "m" },
      has: { object: "chat.completion", model: "m" },
    },
    {
      host: "api.openai.com",
      path: "/v1/embeddings",
      json: { input: ["a", "b"], dimensions: 3 },
      has: { data: [{ index: 0 }, { index: 1 }] },
    },
    { host: "api.anthropic.com", path: "/v1/messages", json: {}, has: { type: "message", role: "assistant" } },
    { host: "api.nobody.example", path: "/x", json: {}, has: {} },
  ])("$host plays $path", async ({ has, ...ask }) => {
    const own = authority();
    const outside = await world(own);
    const { status, body, names } = await get(outside, own, ask);
    expect(status).toBe(200);
    expect(names).toBe(`DNS:${ask.host}`);
    expect(JSON.parse(body)).toMatchObject(has);
    expect(outside.requests()).toMatchObject([{ host: ask.host, path: ask.path, outcome: "answered" }]);
    expect(outside.unknownHosts()).toEqual(ask.host.endsWith(".example") ? [ask.host] : []);
  });

  it("streams what is asked for as a stream, and fills a schema", async () => {
    const own = authority();
    const outside = await world(own);
    const host = "api.openai.com";
    const streamed = await get(outside, own, { host, path: "/v1/chat/completions", json: { stream: true } });
    expect(streamed.body.trim().endsWith("data: [DONE]")).toBe(true);
    const schema = {
      type: "object",
      properties: { tags: { type: "array", items: { type: "string" } }, n: { type: "integer" } },
    };
    const json = { response_format: { type: "json_schema", json_schema: { schema } } };
    const answer: unknown = JSON.parse((await get(outside, own, { host, path: "/v1/chat/completions", json })).body);
    expect(answer).toMatchObject({ choices: [{ message: { content: JSON.stringify({ tags: ["lab"], n: 1 }) } }] });
  });

  it.each([
    { host: "api.resend.com", path: "/emails", json: { from: "A <a@b.example>", to: "c@d.example", subject: "Hi" } },
    {
      host: "api.sendgrid.com",
      path: "/v3/mail/send",
      json: { personalizations: [{ to: [{ email: "c@d.example" }] }], from: { email: "a@b.example" }, subject: "Hi" },
    },
    { host: "api.postmarkapp.com", path: "/email", json: { From: "a@b.example", To: "c@d.example", Subject: "Hi" } },
    {
      host: "api.mailgun.net",
      path: "/v3/shop/messages",
      form: { from: "a@b.example", to: "c@d.example", subject: "Hi" },
    },
  ])("$host counts as mail and obeys the mail dial", async (ask) => {
    const own = authority();
    const outside = await world(own);
    expect((await get(outside, own, ask)).status).toBeLessThan(300);
    expect(outside.mails()).toMatchObject([{ to: ["c@d.example"], subject: "Hi" }]);
    outside.dialMail("hang");
    expect((await get(outside, own, { ...ask, milliseconds: 200 })).status).toBe("silence");
    expect(outside.mails()).toHaveLength(1);
  });

  it.each([
    { dial: "error", status: 503, outcome: "error" },
    { dial: "reset", status: "closed", outcome: "reset" },
    { dial: "hang", status: "silence", outcome: "hung" },
  ] as const)(
    "gives $status for the first requests to a host that is dialled to $dial",
    async ({ dial, status, outcome }) => {
      const own = authority();
      const outside = await world(own);
      outside.dialHttp("api.stripe.com", dial, { times: 1 });
      const statuses = [];
      for (let count = 0; count < 2; count++) {
        statuses.push(
          (await get(outside, own, { host: "api.stripe.com", path: "/v1/charges", milliseconds: 200 })).status,
        );
      }
      expect(statuses).toEqual([status, 200]);
      expect(outside.requests().map((request) => request.outcome)).toEqual([outcome, "answered"]);
    },
  );

  it("lets a host's own dial go before that of all hosts", async () => {
    const own = authority();
    const outside = await world(own);
    outside.dialHttp("*", "error");
    outside.dialHttp("API.stripe.com", "slow", { milliseconds: 100 });
    const began = Date.now();
    expect((await get(outside, own, { host: "api.stripe.com" })).status).toBe(200);
    expect(Date.now() - began).toBeGreaterThan(95);
    expect((await get(outside, own, { host: "api.other.example" })).status).toBe(503);
    outside.reset();
    expect((await get(outside, own, { host: "api.other.example" })).status).toBe(200);
    expect(outside.requests()).toHaveLength(1);
  });

  it("answers a certificate that holds for names, wildcards' hosts and addresses, signed by its authority", () => {
    const own = authority();
    const { cert } = own.issue(["shop.example", "127.0.0.1", "::1"]);
    const read = new X509Certificate(cert);
    const root = new X509Certificate(readFileSync(own.file));
    expect(read.verify(root.publicKey)).toBe(true);
    expect(read.checkIssued(root)).toBe(true);
    expect(root.ca).toBe(true);
    expect(read.ca).toBe(false);
    expect([read.checkHost("shop.example"), read.checkIP("127.0.0.1"), read.checkIP("::1")]).toEqual([
      "shop.example",
      "127.0.0.1",
      "::1",
    ]);
  });
});
