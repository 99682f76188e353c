import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkoutSchema, signUpSchema } from "../src/validation.js";

describe("signUpSchema", () => {
  it("lowercases the email", () => {
    const parsed = signUpSchema.parse({ email: "Jane@Example.com", name: "Jane", password: "longenough" });
    assert.equal(parsed.email, "jane@example.com");
  });

  it("rejects short passwords and bad emails", () => {
    assert.equal(signUpSchema.safeParse({ email: "jane@example.com", name: "Jane", password: "short" }).success, false);
    assert.equal(signUpSchema.safeParse({ email: "jane", name: "Jane", password: "longenough" }).success, false);
  });
});

describe("checkoutSchema", () => {
  it("fills in the default card", () => {
    assert.equal(checkoutSchema.parse({ eventId: 1, quantity: 2 }).paymentMethodId, "pm_card_visa");
  });

  for (const quantity of [0, 11, 1.5, -1]) {
    it(`rejects a quantity of ${quantity}`, () => {
      assert.equal(checkoutSchema.safeParse({ eventId: 1, quantity }).success, false);
    });
  }
});
