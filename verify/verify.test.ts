/** The lab from end to end on toy stacks, in short windows; the long ones are in `e2e/lab-load.e2e.ts`. */
import { describe, expect, it } from "vitest";
import { hungMail, rateLimitBites } from "./designs/index.ts";
import type { Scenario } from "./experiment.ts";
import type { ToyTraits } from "./testing/toy-app.ts";
import { measureKind } from "./measures.ts";
import { claim, experiments, saidBy, short, verifyToys } from "./testing/toy-lab.ts";

const { hung, limit, steady } = experiments;

describe.concurrent("verify", () => {
  it("shows what a queue and a rate limit bring", async () => {
    const verification = await verifyToys({}, { mail: "queue", loginLimit: 10 }, { experiments: [hung, limit] });
    expect(saidBy(verification)).toEqual({
      "toy/hung-mail": expect.stringMatching(
        /^improved: While mail hangs: p95 of checkout 1,\d{3} .*ms \(no answer\) before, [\d.]+ (to [\d.]+ )?ms after; .*\d rounds each\.$/,
      ),
      // A processor that has other things to do lets the attack come late, and fewer of it within the window.
      "toy/rate-limit": expect.stringMatching(
        /^improved: attack passes refused with 429 0 before, (\d+ to )?50 after, \d rounds each\.$/,
      ),
    });
    expect(verification.booted).toEqual({ before: { ok: true }, after: { ok: true } });
    const measured = verification.runs.flatMap(({ measures }) => Object.keys(measures));
    expect(measured.filter((measure) => measureKind(measure) === null)).toEqual([]);
    expect(verification.parts).toEqual(["toy shop", "toy balancer"]);
    expect(verification.runs.map(({ id }) => id)).toContain("toy/hung-mail/after/2");
  });

  it("adds rounds while a difference could be chance", async () => {
    const barely = rateLimitBites({ ...claim("toy/barely"), attack: "login", attempts: 12 });
    const verification = await verifyToys({}, { loginLimit: 10 }, { experiments: [short(barely)] });
    expect(saidBy(verification)).toEqual({
      "toy/barely": "improved: attack passes refused with 429 0 before, 2 after, 4 rounds each.",
    });
  });

  const worse: [string, Partial<ToyTraits> | string, RegExp][] = [
    ["a changed answer", { checkoutBody: { price: 13 } }, /^regressed: .*checkout: \/ok is gone/],
    ["a changed value", { checkoutBody: { ok: false, price: 12 } }, /^regressed: .*\/ok was true and now is false/],
    ["a scenario that fails now", { checkoutStatus: 500 }, /^broken: buy works on the original.*answered 500/],
    ["a boot that fails", "no module pg", /^broken: .*does not boot: no module pg.*Error: no module/],
  ];
  it.each(worse)("never calls %s an improvement", async (_, after, said) => {
    const verification = await verifyToys({}, after, { experiments: [hung] });
    expect(saidBy(verification)).toEqual({ "toy/hung-mail": expect.stringMatching(said) });
  });

  it("says nothing of a patch when the original does not boot", async () => {
    const verification = await verifyToys("no database", {}, { experiments: [hung, limit] });
    const said = "inconclusive: The original app does not boot: no database";
    expect(saidBy(verification)).toEqual({ "toy/hung-mail": said, "toy/rate-limit": said });
    expect(verification.booted.before).toMatchObject({ ok: false, reason: "no database" });
  });

  it("gives an experiment that cannot be fitted its reason", async () => {
    const upload = hungMail({ ...claim("toy/hung-upload"), role: "upload" });
    const verification = await verifyToys({}, {}, { experiments: [upload] });
    expect(saidBy(verification)).toEqual({ "toy/hung-upload": expect.stringMatching(/^not-run: .*role upload/) });
  });

  it("begins nothing once the budget is spent, and says so", async () => {
    const verification = await verifyToys({}, {}, { experiments: [hung], budgetSeconds: 0 });
    expect(saidBy(verification)).toEqual({ "toy/hung-mail": "not-run: The time budget ended before its turn." });
    expect(verification.runs).toEqual([]);
  });

  it("names the scenarios that do not work on the original", async () => {
    const measured = [{ name: "put", method: "PUT", path: "/up" }];
    const upload: Scenario = { name: "up", role: "upload", before: [], measured };
    const verification = await verifyToys({}, {}, { experiments: [], scenarios: [upload] });
    expect(verification.notDriven).toEqual([{ what: "up", why: 'put: answered 404 with {"error":"not found"}' }]);
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 400);
    const asked = verifyToys({}, {}, { experiments: [steady], signal: controller.signal });
    await expect(asked).rejects.toThrow(/abort/i);
  });
});
