/** Stripe as the outside plays it: every object that is asked for exists, every payment goes through. */
import { field, textOr, type HostStandIn, type OutsideCall, type Reply } from "../host.ts";

interface Kind {
  object: string;
  prefix: string;
  /** Fields beyond what the request named. */
  extra(call: OutsideCall, id: string): Record<string, unknown>;
}

const plain = (object: string, prefix: string): Kind => ({ object, prefix, extra: () => ({}) });

/** Collections by path, as the public API names them. */
const kinds: Record<string, Kind> = {
  payment_intents: {
    object: "payment_intent",
    prefix: "pi",
    extra: (call, id) => ({
      status: isTrue(field(call.body, "confirm")) ? "succeeded" : "requires_payment_method",
      client_secret: `${id}_secret_lab`,
      amount_received: isTrue(field(call.body, "confirm")) ? amountOf(call) : 0,
      latest_charge: `ch_${id.slice(3)}`,
    }),
  },
  charges: {
    object: "charge",
    prefix: "ch",
    extra: () => ({ status: "succeeded", paid: true, captured: true, refunded: false }),
  },
  refunds: { object: "refund", prefix: "re", extra: () => ({ status: "succeeded" }) },
  "checkout/sessions": {
    object: "checkout.session",
    prefix: "cs_test",
    extra: (_call, id) => ({
      status: "open",
      payment_status: "unpaid",
      url: `https://checkout.stripe.com/c/pay/${id}`,
    }),
  },
  "billing_portal/sessions": {
    object: "billing_portal.session",
    prefix: "bps",
    extra: (_call, id) => ({ url: `https://billing.stripe.com/p/session/${id}` }),
  },
  subscriptions: {
    object: "subscription",
    prefix: "sub",
    extra: () => ({ status: "active", items: { object: "list", data: [] } }),
  },
  setup_intents: {
    object: "setup_intent",
    prefix: "seti",
    extra: (_call, id) => ({ client_secret: `${id}_secret_lab`, status: "succeeded" }),
  },
  payment_methods: plain("payment_method", "pm"),
  customers: plain("customer", "cus"),
  products: plain("product", "prod"),
  prices: plain("price", "price"),
  invoices: plain("invoice", "in"),
  coupons: plain("coupon", "co"),
  accounts: plain("account", "acct"),
  transfers: plain("transfer", "tr"),
};

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function amountOf(call: OutsideCall): number {
  return Number(textOr(field(call.body, "amount"), "1000"));
}

/** Top-level fields of the form, back in the answer; nested ones (`metadata[a]`) come back nested. */
function echoed(body: unknown): Record<string, unknown> {
  const out: Record<string, unknown> = { metadata: {} };
  if (typeof body !== "object" || body === null) return out;
  const metadata: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const key = /^metadata\[([^\]]+)\]$/.exec(name)?.[1];
    if (key !== undefined) metadata[key] = value;
    else if (/^[a-z_]+$/.test(name))
      out[name] = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  }
  return { ...out, metadata };
}

function objectOf(kind: Kind, call: OutsideCall, id: string): Record<string, unknown> {
  const created = Math.floor(Date.now() / 1000);
  const base = { id, object: kind.object, created, livemode: false, amount: 1000, currency: "usd" };
  return { ...base, ...echoed(call.body), ...kind.extra(call, id) };
}

function answer(call: OutsideCall): Reply | null {
  const rest = /^\/v\d\/(.+)$/.exec(call.path)?.[1] ?? "";
  const name = Object.keys(kinds).find((key) => rest === key || rest.startsWith(`${key}/`));
  const kind = name === undefined ? undefined : kinds[name];
  if (name === undefined || kind === undefined) return { status: 200, json: { object: "lab", livemode: false } };
  const [id, action] = rest.slice(name.length + 1).split("/");
  if (call.method === "GET" && !id)
    return { status: 200, json: { object: "list", url: call.path, has_more: false, data: [] } };
  if (call.method === "DELETE" && id) return { status: 200, json: { id, object: kind.object, deleted: true } };
  const object = objectOf(kind, call, id || call.unique(`${kind.prefix}_`));
  return {
    status: 200,
    json: action === "confirm" || action === "capture" ? { ...object, status: "succeeded" } : object,
  };
}

export const stripe: HostStandIn = { name: "Stripe", hosts: ["api.stripe.com"], answer };
