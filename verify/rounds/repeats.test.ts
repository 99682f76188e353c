/** What counts as done again: the same mail or call within the time, not the next tick's. */
import { expect, it } from "vitest";
import type { Mail, Outside, OutsideRequest } from "../stack.ts";
import { nothingSeen, repeatMeasures } from "./repeats.ts";

const mail = (to: string, second: number): Mail => ({
  from: "a@example.com",
  to: [to],
  subject: "Due",
  messageId: null,
  receivedAt: second * 1000,
});

const call = (digest: string, second: number): OutsideRequest => ({
  host: "api.example.com",
  method: "POST",
  path: "/v1/charges",
  headers: {},
  digest,
  at: second * 1000,
  outcome: "answered",
});

function world(mails: readonly Mail[], requests: readonly OutsideRequest[]): Outside {
  return {
    mails: () => mails,
    requests: () => requests,
    openMails: () => 0,
    dialMail: () => undefined,
    dialHttp: () => undefined,
    reset: () => undefined,
  };
}

it.each<[string, Mail[], OutsideRequest[], number, number]>([
  ["one copy, two ticks", [mail("x", 0), mail("x", 10)], [], 0, 2],
  ["two copies, two ticks", [mail("x", 0), mail("x", 0.4), mail("x", 10), mail("x", 10.2)], [], 2, 2],
  ["mails to different people", [mail("x", 0), mail("y", 0.1)], [], 0, 2],
  ["three copies", [mail("x", 0), mail("x", 3), mail("x", 5.9)], [], 2, 1],
  ["calls with the same body", [], [call("1", 0), call("1", 1)], 1, 1],
  ["calls with different bodies", [], [call("1", 0), call("2", 1)], 0, 2],
  ["nothing", [], [], 0, 0],
])("%s", (_, mails, requests, repeated, distinct) => {
  const measures = repeatMeasures(world(mails, requests), 6);
  expect(measures).toEqual({ "outside.repeated": repeated, "outside.distinct": distinct });
  expect(nothingSeen(measures) !== null).toBe(distinct === 0);
});

it("is measured only where a design asks", () => {
  expect(repeatMeasures(world([mail("x", 0)], []), undefined)).toEqual({});
  expect(nothingSeen({})).toBeNull();
});
