import Stripe from "stripe";
import { config } from "../config.js";
import { HttpError } from "../middleware/errorHandler.js";

const stripe = new Stripe(config.stripeSecretKey);

export async function chargeCard(amount: number, paymentMethod: string, description: string) {
  const intent = await stripe.paymentIntents.create({
    amount,
    currency: "eur",
    payment_method: paymentMethod,
    description,
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  if (intent.status === "requires_payment_method" || intent.status === "canceled") {
    throw new HttpError(402, "Your card was declined");
  }
  return intent;
}

export async function refundPayment(paymentId: string) {
  return stripe.refunds.create({ payment_intent: paymentId });
}
