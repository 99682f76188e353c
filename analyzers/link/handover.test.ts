/** Work that goes on after the answer: in the platform's care, let go, or waited for. */
import { describe, expect, it } from "vitest";
import { modelFrom } from "./testing/model-from.ts";

const manifest = JSON.stringify({ name: "web", scripts: { start: "next start" }, dependencies: { next: "16" } });
const HEAD =
  'import { after } from "next/server"; import { waitUntil } from "@vercel/functions"; import { Resend } from "resend"; const mail = new Resend("k"); async function tell() { await mail.emails.send({}); }';

function fate(body: string): string {
  const model = modelFrom({
    "package.json": manifest,
    "app/a/route.ts": `${HEAD}\nexport async function POST(request, context) { ${body} return Response.json({}); }`,
  });
  const [use] = model.usesOf("resend:Resend().emails.send");
  const [way] = use === undefined ? [] : model.reach(use.call);
  return way === undefined ? "none" : way.deferred ? "deferred" : way.detached ? "detached" : "waited";
}

describe("the fate of work", () => {
  it.each([
    ["waited", "await tell();"],
    ["detached", "tell();"],
    ["detached", "void tell().catch(() => {});"],
    ["deferred", "after(tell);"],
    ["deferred", "after(async () => { await tell(); });"],
    ["deferred", "after(() => tell());"],
    ["deferred", "waitUntil(tell());"],
    ["deferred", "waitUntil(Promise.all([tell(), tell()]));"],
    ["deferred", "waitUntil((async () => { await tell(); })());"],
    ["deferred", "const sent = tell(); waitUntil(sent);"],
    ["deferred", "context.waitUntil(tell());"],
    ["waited", "after(tell); await tell();"],
    ["detached", "after(tell); tell();"],
  ])("%s: %s", (wanted, body) => {
    expect(fate(body)).toBe(wanted);
  });
});
