/** Payment providers. */
import { client, facts, type ClientFact, type LibraryFact } from "./fact.ts";

const STRIPE =
  "create retrieve update list del cancel confirm capture search finalizeInvoice pay sendInvoice expire attach detach listLineItems";

export const payment: readonly LibraryFact[] = [
  ...facts("payment", "stripe:().**", STRIPE),
  ...facts("payment", "stripe:Stripe().**", STRIPE),
  ...facts("payment", "@paypal/checkout-server-sdk:**", "execute"),
  ...facts(
    "payment",
    "@paypal/paypal-server-sdk:OrdersController()",
    "createOrder captureOrder ordersCreate ordersCapture getOrder",
  ),
  ...facts("payment", "razorpay:().**", "create fetch all capture refund"),
  ...facts("payment", "braintree:**", "sale generate find"),
  ...facts("payment", "square:**", "create createPayment createOrder get"),
  ...facts(
    "payment",
    "@lemonsqueezy/lemonsqueezy.js:",
    "createCheckout getSubscription cancelSubscription updateSubscription",
  ),
  ...facts("payment", "@paddle/paddle-node-sdk:Paddle().**", "create get update cancel"),
  ...facts("payment", "@mollie/api-client:().payments", "create get"),
  ...facts("payment", "@mollie/api-client:createMollieClient().payments", "create get"),
];

function stripe(construct: string): ClientFact {
  return client(construct, {
    timeoutOption: "timeout",
    timeoutOn: "either",
    optionsAt: 1,
    defaultTimeoutMs: 80_000,
    retries: { option: "maxNetworkRetries", default: 2 },
    versions: ">=13",
    source: "stripe-node README: timeout 80 s; maxNetworkRetries 2 since 13, 0 before",
  });
}

export const paymentClients: readonly ClientFact[] = [
  stripe("stripe:()"),
  stripe("stripe:Stripe()"),
  client("razorpay:()", {
    timeoutOption: null,
    defaultTimeoutMs: null,
    source: "razorpay-node calls axios without a timeout",
  }),
];
