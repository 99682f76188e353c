import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { calculateQuote, formatMoney, loyaltyPointsFor } from "../src/services/pricing.js";

describe("calculateQuote", () => {
  it("adds the service fee", () => {
    assert.deepEqual(calculateQuote(2000, 2), {
      subtotalCents: 4000,
      discountCents: 0,
      feeCents: 120,
      totalCents: 4120,
    });
  });

  it("gives groups of six a discount", () => {
    assert.equal(calculateQuote(1000, 6).discountCents, 300);
    assert.equal(calculateQuote(1000, 5).discountCents, 0);
  });

  it("adds the promo discount on top", () => {
    assert.equal(calculateQuote(1000, 6, 10).discountCents, 900);
  });

  it("never goes below zero", () => {
    assert.equal(calculateQuote(1000, 6, 100).totalCents, 0);
  });
});

it("gives one loyalty point per euro", () => {
  assert.equal(loyaltyPointsFor(4199), 41);
});

it("formats money", () => {
  assert.equal(formatMoney(123456), "€1234.56");
  assert.equal(formatMoney(500, "USD"), "$5.00");
  assert.equal(formatMoney(500, "SEK"), "SEK 5.00");
});
