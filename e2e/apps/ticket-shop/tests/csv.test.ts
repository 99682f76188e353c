import assert from "node:assert/strict";
import { it } from "node:test";
import { toCsv } from "../src/services/csv.js";
import { createTicketCode } from "../src/services/ticketCodes.js";

it("quotes cells that need it", () => {
  const csv = toCsv(["name", "note"], [["Jane", 'said "hi", twice'], ["Bob", null]]);
  assert.equal(csv, 'name,note\nJane,"said ""hi"", twice"\nBob,');
});

it("writes dates in ISO format", () => {
  assert.equal(toCsv(["date"], [[new Date(0)]]), "date\n1970-01-01T00:00:00.000Z");
});

it("makes a different ticket code each time", () => {
  const codes = new Set(Array.from({ length: 100 }, () => createTicketCode(7)));
  assert.equal(codes.size, 100);
  assert.match([...codes][0]!, /^SP-7-[0-9A-F]{12}$/);
});
