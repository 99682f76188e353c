/** The wait ends when answers are the app's own again. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { untilOpen } from "./until-open.ts";

let server: Server;

afterEach(() => server.close());

async function answering(statusOf: (request: number) => number): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  server = createServer((_, response) => response.writeHead(statusOf((asked += 1))).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

it("waits for answers in a row that are not the balancer's", async () => {
  const { url, asked } = await answering((request) => (request <= 3 || request === 5 ? 502 : 404));
  await untilOpen(url, new AbortController().signal);
  expect(asked()).toBe(9);
});

it("ends when told to", async () => {
  const { url } = await answering(() => 502);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  await expect(untilOpen(url, stop.signal)).rejects.toThrow(/abort/i);
});
